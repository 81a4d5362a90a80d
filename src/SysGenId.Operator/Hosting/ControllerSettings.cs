using System.Net;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Control;
using SysGenId.Operator.Control.Admission;
using SysGenId.Operator.Observability;

namespace SysGenId.Operator.Hosting;

/// <summary>All that the command line of a controller says, checked.</summary>
internal sealed record ControllerSettings(
    ControllerOptions Controller, InjectionSettings Injection, ClusterOptions Cluster, IPEndPoint? Http, LogLevel Level, LogFormat Format);
