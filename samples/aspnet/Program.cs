// A web application that is restored from a checkpoint, perhaps more than once.
//
//   samples/run.sh aspnet csharp --urls http://127.0.0.1:8080        Environment: SYSGENID_DIR, default /run/sysgenid

using SysGenId.Extensions.Hosting;
using SysGenId.Samples.AspNet;

var builder = WebApplication.CreateBuilder(args);

// The handlers run one after the other, and only when all have succeeded the generation is acknowledged. .NET's own state is
// first: what the others draw comes from there.
builder.Services.AddSystemGeneration();
builder.Services.AddRuntimeReset();
builder.Services.AddGenerationChangeHandler<Instance>();
builder.Services.AddSingleton<TokenKey>();
builder.Services.AddHealthChecks().AddSystemGeneration();

var app = builder.Build();
app.MapGet("/", (Instance instance) => instance.Id);
app.MapGet("/tokens/{subject}", (string subject, TokenKey key) => key.Issue(subject));
app.MapHealthChecks("/ready");
await app.RunAsync();
