/* Ends the hook before the .NET runtime starts, where there is nothing to do: a millisecond or two less.
   At the stages that are none of ours (ours are those of Core/Protocol/CriuStage.cs), five of seven of a restore;
   and at pre-resume, the second chance to publish, when the agent has left word that it did at post-restore.
   Any other question (no stage at all, help, a stage of ours) is answered by Program.cs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const ours[] = { "pre-dump", "post-dump", "post-restore", "pre-resume" };

/* The file is the agent's, beside its socket, and there only while this CRIU lives: SystemPaths.PublishedName. */
static int is_published(int argc, char **argv)
{
    const char *agent = "/run/sysgenid/node.sock";
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "--agent") == 0)
            agent = argv[i + 1];
    const char *end = strrchr(agent, '/');
    char path[256];
    int length = end == NULL ? -1 : snprintf(path, sizeof path, "%.*s/published-%d", (int)(end - agent), agent, (int)getppid());
    return length > 0 && (size_t)length < sizeof path && access(path, F_OK) == 0;
}

__attribute__((constructor)) static void leave_early(int argc, char **argv)
{
    const char *stage = getenv("CRTOOLS_SCRIPT_ACTION");
    if (stage == NULL)
        return;
    if (strcmp(stage, "pre-resume") == 0 && is_published(argc, argv))
        _exit(0);
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strcmp(stage, ours[i]) == 0)
            return;
    _exit(0);
}
