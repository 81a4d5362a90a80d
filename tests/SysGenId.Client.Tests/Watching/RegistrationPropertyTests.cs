using CsCheck;

namespace SysGenId.Client.Tests.Watching;

public sealed class RegistrationPropertyTests
{
    [Fact]
    public void S16_whatever_crosses_on_the_way_sidecar_and_client_agree_when_nothing_is_on_it() =>
        Gen.Int[0, 7].List[0, 60].Sample(steps =>
        {
            var model = new RegistrationModel();
            foreach (var step in steps)
            {
                model.Play(step);
                model.Check();
            }

            model.Settle();
            model.Check();
        });
}
