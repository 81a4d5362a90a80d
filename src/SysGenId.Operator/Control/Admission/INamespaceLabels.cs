namespace SysGenId.Operator.Control.Admission;

/// <summary>The labels of namespaces, as a watch knows them. Thread-safe; never waits.</summary>
internal interface INamespaceLabels
{
    /// <summary>
    /// A namespace's labels; null when it is not known (yet). The API server sends a pod that says nothing itself only for a
    /// namespace that its selector takes for opted in, so one that is not known here is believed to be.
    /// </summary>
    IReadOnlyDictionary<string, string>? Find(string name);
}
