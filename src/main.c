// SPDX-License-Identifier: GPL-2.0-or-later
/* pciferry: carries PCI devices across to virtual machines, and back. */
#include "cli/json.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "sample/sample.h"
#include "ui/wizard.h"

#include <locale.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static enum exit_status run_wizard(const struct root *root, const struct options *options)
{
	const char *no_colour_wish = getenv("NO_COLOR");
	const struct wizard_options wizard = {
		.ascii = options->ascii,
		.no_color = no_colour_wish && no_colour_wish[0],
		.no_run = options->no_run,
		.keys_script = options->keys_script,
	};
	struct err err = { 0 };

	int r = wizard_run(root, &wizard, &err);

	if (r == 0 && err.text[0])
		print("%s\n", err.text);
	if (r < 0 && err.text[0])
		print_error(&err);
	return r == 0 ? EXIT_DONE : EXIT_FAILED;
}

/* Output that could not be written is a failure, and said once. */
static enum exit_status written(enum exit_status status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	(void)fputs("pciferry: Cannot write to standard output.\n", stderr);
	return EXIT_FAILED;
}

static enum exit_status run(const struct root *root, const struct options *options)
{
	return written(options->verb ? options->verb->run(root, options)
				     : run_wizard(root, options));
}

static enum exit_status run_on_root(const struct options *options)
{
	autoroot struct root *root = NULL;
	struct err err = { 0 };

	if (root_open(options->root ?: "/", &root, &err) < 0)
		return print_error(&err), EXIT_FAILED;
	return run(root, options);
}

static volatile sig_atomic_t demo_child;

static void pass_on(int sig)
{
	(void)kill(demo_child, sig);
}

static void __attribute__((noreturn))
demo_run(const struct root *root, const struct options *options)
{
	enum exit_status status = run(root, options);

	wizard_reraise();
	exit((int)status);
}

/* Passes on what would end us, but for what the terminal sends to the child itself. */
static void demo_forward(pid_t child)
{
	struct sigaction forward = { .sa_handler = pass_on },
			 ignore = { .sa_handler = SIG_IGN };

	demo_child = child;
	(void)sigaction(SIGTERM, &forward, NULL);
	(void)sigaction(SIGHUP, &forward, NULL);
	(void)sigaction(SIGINT, &ignore, NULL);
	(void)sigaction(SIGQUIT, &ignore, NULL);
}

/*
 * The demo runs in a child of its own, so that its copy of the sample host is removed
 * however the child ends, a crash included. Signals wait until both are set up.
 */
static enum exit_status run_demo(const struct options *options)
{
	autoroot struct root *root = NULL;
	autofree char *dir = NULL;
	struct err err = { 0 };
	sigset_t all, old;
	int status = 0;
	pid_t pid;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &old);
	if (sample_open(&root, &dir, &err) < 0)
		return print_error(&err), EXIT_FAILED;
	pid = fork();
	if (pid > 0)
		demo_forward(pid);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	if (pid == 0)
		demo_run(root, options);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	sample_remove(dir);
	if (pid < 0)
		(void)fputs("pciferry: Cannot start the demo.\n", stderr);
	if (pid > 0 && WIFSIGNALED(status)) { /* what ended the child ends us */
		(void)signal(WTERMSIG(status), SIG_DFL);
		(void)raise(WTERMSIG(status));
	}
	return pid > 0 && WIFEXITED(status) ? (enum exit_status)WEXITSTATUS(status)
					    : EXIT_FAILED;
}

int main(int argc, char **argv)
{
	struct options options;
	enum exit_status status;
	bool leave;

	json_start();
	(void)setlocale(LC_ALL, "");
	(void)umask(022);
	status = options_parse(argc, argv, &options, &leave);
	if (leave)
		status = written(status);
	else
		status = options.demo ? run_demo(&options) : run_on_root(&options);
	options_done(&options);
	wizard_reraise();
	return (int)status;
}
