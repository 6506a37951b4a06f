// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/worker.h"
#include "ui/term.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* -- the child ------------------------------------------------------------------- */

#define PATIENCE 500 /* ms for a wizard that is busy drawing */

static struct reporter {
	int fd;
	bool stalled; /* nobody reads: do not wait for every line again */
	struct worker_event event;
} reporter;

/* Whole events or none: the socket keeps them apart. */
static bool post(struct reporter *r, int flags)
{
	size_t size = offsetof(struct worker_event, text) + strlen(r->event.text) + 1;

	return send(r->fd, &r->event, size, flags | MSG_NOSIGNAL) >= 0 || errno != EAGAIN;
}

static void report(struct reporter *r, const char *text)
{
	struct pollfd room = { .fd = r->fd, .events = POLLOUT };

	(void)snprintf(r->event.text, sizeof(r->event.text), "%s", text);
	if (post(r, MSG_DONTWAIT)) {
		r->stalled = false;
		return;
	}
	if (!r->stalled)
		(void)poll(&room, 1, PATIENCE);
	r->stalled = !post(r, MSG_DONTWAIT);
}

static void on_step(void *data, size_t index, size_t total, const char *what)
{
	struct reporter *r = data;

	r->event.kind = WORKER_STEP;
	r->event.index = index;
	r->event.total = total;
	report(r, what);
}

static void on_output(void *data, const char *line)
{
	struct reporter *r = data;

	r->event.kind = WORKER_OUTPUT;
	report(r, line);
}

/* The work is over: this one waits for its reader. */
static void report_end(enum worker_kind kind, int code, const char *text)
{
	reporter.event.kind = kind;
	reporter.event.code = code;
	(void)snprintf(reporter.event.text, sizeof(reporter.event.text), "%s", text);
	(void)post(&reporter, 0);
}

static void report_no_memory(void)
{
	report_end(WORKER_GONE, -ENOMEM, "Out of memory.");
}

/* Nothing of it may land on the screen, or hold the terminal open. */
static void leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; null >= 0 && fd <= STDERR_FILENO; fd++)
		(void)dup2(null, fd);
	(void)setsid();
	term_child();
}

static void child(int fd, worker_job *job, void *data)
{
	struct progress progress = {
		.step = on_step, .output = on_output, .data = &reporter
	};
	struct err err = { 0 };
	autofree char *id = NULL;
	int r;

	reporter.fd = fd;
	leave_terminal();
	alloc_on_failure(report_no_memory);
	r = job(data, &progress, &id, &err);
	(void)snprintf(reporter.event.id, sizeof(reporter.event.id), "%s", id ?: "");
	report_end(WORKER_RESULT, r, r < 0 ? err.text : "");
}

/* -- the parent ------------------------------------------------------------------ */

int worker_start(struct worker *worker, worker_job *job, void *data, struct err *err)
{
	int fds[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return err_errno(err, -errno, "No socket could be made");
	pid = fork();
	if (pid < 0) {
		int r = err_errno(err, -errno, "No process could be started");

		(void)close(fds[0]);
		(void)close(fds[1]);
		return r;
	}
	if (pid == 0) {
		(void)close(fds[0]);
		child(fds[1], job, data);
		_exit(0); /* what is registered for the end is the parent's */
	}
	(void)close(fds[1]);
	*worker = (struct worker){ .pid = pid, .fd = fds[0] };
	return 0;
}

static void say_how_it_ended(struct worker_event *event, int status)
{
	event->kind = WORKER_GONE;
	event->code = -ECANCELED;
	(void)snprintf(event->text, sizeof(event->text),
		WIFSIGNALED(status) ? "The work was ended by signal %d."
				    : "The work ended with status %d and without a word.",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

void worker_next(struct worker *worker, struct worker_event *ret)
{
	int status = 0;
	ssize_t n;

	do
		n = recv(worker->fd, ret, sizeof(*ret), 0);
	while (n < 0 && errno == EINTR);
	if (n > 0 && ret->kind < WORKER_RESULT)
		return;
	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (n <= 0)
		say_how_it_ended(ret, status);
	(void)close(worker->fd);
	worker->fd = -1;
}
