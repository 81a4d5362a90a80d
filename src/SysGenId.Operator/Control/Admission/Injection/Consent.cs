namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>What a pod's label, or else its namespace's, says about injection.</summary>
internal enum Consent
{
    /// <summary>Nobody asks.</summary>
    NotAskedFor,

    /// <summary>The pod asks.</summary>
    GivenByPod,

    /// <summary>The pod says nothing, and its namespace asks for all its pods.</summary>
    GivenByNamespace,

    /// <summary>The pod says no.</summary>
    Refused,

    /// <summary>The pod says something that is neither.</summary>
    Unclear,
}
