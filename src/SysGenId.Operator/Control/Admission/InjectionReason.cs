namespace SysGenId.Operator.Control.Admission;

/// <summary>Why. The names are stable codes: the same in answer, metric and log.</summary>
internal enum InjectionReason
{
    /// <summary>The pod gets what it lacks.</summary>
    Injected,

    /// <summary>The pod has everything: it was patched before, or made from one that was.</summary>
    AlreadyInjected,

    /// <summary>Neither the pod nor its namespace asks.</summary>
    NotAskedFor,

    /// <summary>The pod says no.</summary>
    OptedOut,

    /// <summary>The request is about something else than a pod.</summary>
    NotAPod,

    /// <summary>The request does not create the pod.</summary>
    NotACreation,

    /// <summary>The request is about a part of a pod, such as its ephemeral containers.</summary>
    Subresource,

    /// <summary>The namespace is one the cluster or SysGenId itself depends on.</summary>
    ExcludedNamespace,

    /// <summary>The pod only mirrors one that a kubelet runs from a file.</summary>
    MirrorPod,

    /// <summary>The pod runs on Windows.</summary>
    WindowsPod,

    /// <summary>A label or an annotation of ours has a value that means nothing.</summary>
    InvalidValue,

    /// <summary>An annotation names a container that the pod has not.</summary>
    UnknownContainer,

    /// <summary>A container or volume of the pod has a name of ours and is something else.</summary>
    NameTaken,

    /// <summary>A container has something else mounted where the page belongs.</summary>
    PathTaken,
}
