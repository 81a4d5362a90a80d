namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A world whose generation is on a counter page.</summary>
internal interface IPagedWorld : IGenerationWorld
{
    /// <summary>The page's file (S15).</summary>
    string PagePath { get; }
}
