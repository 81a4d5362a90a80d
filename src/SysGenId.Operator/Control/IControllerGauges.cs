namespace SysGenId.Operator.Control;

/// <summary>Where the controller stands, for whoever scrapes. Thread-safe, does not block.</summary>
internal interface IControllerGauges
{
    ControllerGauges Read();
}
