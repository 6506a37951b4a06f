// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <termios.h>

static int wake[2] = { -1, -1 }; /* a byte in it for every signal */
static volatile sig_atomic_t end_wish;
static volatile sig_atomic_t resized;
static struct termios modes; /* as they were found */
static bool have_modes;
static char crash_text[512]; /* what to send when there is no time for curses */
static size_t crash_len;

static void wake_up(void)
{
	int keep = errno;
	ssize_t n UNUSED = write(wake[1], "", 1); /* full is as good as one more */

	errno = keep;
}

static void on_end(int sig)
{
	end_wish = sig;
	wake_up();
}

static void on_resize(int sig UNUSED)
{
	resized = 1;
	wake_up();
}

/* Only what POSIX allows in a handler: curses may be the very thing that crashed. */
static void on_crash(int sig)
{
	ssize_t n UNUSED = write(STDOUT_FILENO, crash_text, crash_len);

	if (have_modes)
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &modes);
	(void)raise(sig); /* SA_RESETHAND: the default action now */
}

static void on_nothing(int sig UNUSED)
{
}

static struct {
	int sig;
	void (*handler)(int);
	int flags;
	struct sigaction before;
} handlers[] = {
	{ .sig = SIGTERM, .handler = on_end },
	{ .sig = SIGHUP, .handler = on_end },
	{ .sig = SIGINT, .handler = on_end },
	{ .sig = SIGQUIT, .handler = on_end },
	{ .sig = SIGPIPE, .handler = on_nothing },
	{ .sig = SIGWINCH, .handler = on_resize },
	{ .sig = SIGCONT,
		.handler = on_resize }, /* the size may have changed meanwhile */
	{ .sig = SIGSEGV, .handler = on_crash, .flags = SA_RESETHAND | SA_ONSTACK },
	{ .sig = SIGBUS, .handler = on_crash, .flags = SA_RESETHAND | SA_ONSTACK },
	{ .sig = SIGFPE, .handler = on_crash, .flags = SA_RESETHAND | SA_ONSTACK },
	{ .sig = SIGILL, .handler = on_crash, .flags = SA_RESETHAND | SA_ONSTACK },
	{ .sig = SIGABRT, .handler = on_crash, .flags = SA_RESETHAND | SA_ONSTACK },
};

void signals_start(void)
{
	static char stack[64 << 10]; /* a crash may be an overflow of the ordinary one */
	stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };

	(void)sigaltstack(&alternative, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(handlers); i++) {
		struct sigaction action = {
			.sa_handler = handlers[i].handler,
			.sa_flags = handlers[i].flags,
		};

		(void)sigaction(handlers[i].sig, &action, &handlers[i].before);
	}
}

void signals_end(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(handlers); i++)
		(void)sigaction(handlers[i].sig, &handlers[i].before, NULL);
}

/*
 * The work goes on when the terminal or its owner goes. Handlers that do nothing, not
 * SIG_IGN: a program that the work runs must start with the defaults.
 */
void signals_child(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(handlers); i++) {
		bool crash = handlers[i].handler == on_crash;
		struct sigaction action = {
			.sa_handler = crash ? SIG_DFL : on_nothing,
			.sa_flags = SA_RESTART,
		};

		(void)sigaction(handlers[i].sig, &action, NULL);
	}
}

int signals_prepare(bool terminal)
{
	have_modes = terminal && tcgetattr(STDIN_FILENO, &modes) == 0;
	crash_len = 0;
	return pipe2(wake, O_CLOEXEC | O_NONBLOCK);
}

void signals_crash_send(const char *s)
{
	while (*s && crash_len < sizeof(crash_text)) {
		if (s[0] == '$' && s[1] == '<') { /* padding: "$<5>" */
			s += strcspn(s, ">");
			s += *s == '>';
			continue;
		}
		crash_text[crash_len++] = *s++;
	}
}

void signals_close(void)
{
	closep(&wake[0]);
	closep(&wake[1]);
	wake[0] = wake[1] = -1;
}

int signals_fd(void)
{
	return wake[0];
}

int signals_end_wish(void)
{
	return end_wish;
}

void signals_hang_up(void)
{
	if (!end_wish)
		end_wish = SIGHUP;
}

bool signals_resized(void)
{
	bool was = resized;

	resized = 0;
	return was;
}
