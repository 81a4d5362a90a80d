/*
 * Plays CRIU for a node agent: a process whose children, the hooks, each put one request to the agent.
 *
 *   fake-criu SOCKET          a child of the started process is CRIU, as a runtime's CRIU is to the agent
 *   fake-criu SOCKET own      the started process itself is
 *
 * In:   TAG REQUEST           a hook sends the request and waits for its answer
 *       TAG !REQUEST          a hook that the agent knows already sends the request and is gone
 * Out:  criu PID              first of all
 *       TAG ANSWER            or "TAG closed" when the connection ended without one
 * CRIU ends with its input.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int connect_to(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int agent = socket(AF_UNIX, SOCK_STREAM, 0);
    return agent >= 0 && connect(agent, (struct sockaddr *)&address, sizeof address) == 0 ? agent : -1;
}

static void say(const char *tag, const char *text)
{
    char line[20000];
    int length = snprintf(line, sizeof line, "%s %s\n", tag, text);
    if (write(1, line, length) != length)
        _exit(3);
}

static void greet(int agent)
{
    static const char hello[] = "{\"op\":\"hello\"}\n";
    char byte = 0;
    if (write(agent, hello, sizeof hello - 1) < 0)
        return;
    while (byte != '\n' && read(agent, &byte, 1) > 0)
        ;
}

static void hook(const char *path, const char *tag, const char *request)
{
    static char answer[17000];
    int leaves = request[0] == '!';
    int agent = connect_to(path);
    request += leaves;
    size_t length = 0;
    if (leaves && agent >= 0)
        greet(agent);
    if (agent >= 0 && write(agent, request, strlen(request)) == (ssize_t)strlen(request) && write(agent, "\n", 1) == 1) {
        if (leaves)
            _exit(0);
        ssize_t count;
        while (length < sizeof answer - 1 && (count = read(agent, answer + length, sizeof answer - 1 - length)) > 0) {
            length += count;
            if (answer[length - 1] == '\n')
                break;
        }
    }
    answer[length] = 0;
    answer[strcspn(answer, "\n")] = 0;
    say(tag, length > 0 ? answer : "closed");
    _exit(0);
}

static void criu(const char *path)
{
    char *line = NULL, number[16];
    size_t size = 0;
    ssize_t length;
    signal(SIGCHLD, SIG_IGN);
    snprintf(number, sizeof number, "%d", getpid());
    say("criu", number);
    while ((length = getline(&line, &size, stdin)) > 0) {
        line[length - 1] = 0;
        char *request = strchr(line, ' ');
        if (request == NULL)
            continue;
        *request++ = 0;
        if (fork() == 0)
            hook(path, line, request);
    }
    _exit(0);
}

int main(int count, char **arguments)
{
    if (count < 2)
        return 2;
    if (count > 2)
        criu(arguments[1]);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        criu(arguments[1]);
    }
    waitpid(child, NULL, 0);
    return 0;
}
