namespace SysGenId.Cluster.Tests.Admission;

/// <summary>
/// The restricted Pod Security Standard for containers, as a policy: the test API server has no Pod Security admission. The
/// hostPath volume towards the agent is the one documented exception.
/// </summary>
internal static class RestrictedPolicy
{
    public const string Label = "tests/restricted";

    public const string Yaml = """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata:
          name: restricted
        spec:
          failurePolicy: Fail
          matchConstraints:
            resourceRules:
            - {apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [CREATE]}
          variables:
          - {name: all, expression: 'object.spec.containers + object.spec.?initContainers.orValue([])'}
          - {name: pod, expression: 'object.spec.?securityContext'}
          validations:
          - message: allowPrivilegeEscalation must be false
            expression: variables.all.all(c, c.?securityContext.?allowPrivilegeEscalation.orValue(true) == false)
          - message: privileged must not be set
            expression: variables.all.all(c, c.?securityContext.?privileged.orValue(false) == false)
          - message: capabilities must drop ALL
            expression: variables.all.all(c, c.?securityContext.?capabilities.?drop.orValue([]).exists(d, d == 'ALL'))
          - message: no capability but NET_BIND_SERVICE may be added
            expression: variables.all.all(c, c.?securityContext.?capabilities.?add.orValue([]).all(a, a == 'NET_BIND_SERVICE'))
          - message: runAsNonRoot must be true
            expression: variables.all.all(c, c.?securityContext.?runAsNonRoot.orValue(variables.pod.?runAsNonRoot.orValue(false)))
          - message: runAsUser must not be 0
            expression: variables.all.all(c, c.?securityContext.?runAsUser.orValue(1) != 0)
          - message: seccompProfile must be RuntimeDefault or Localhost
            expression: variables.all.all(c, c.?securityContext.?seccompProfile.?type.orValue(variables.pod.?seccompProfile.?type.orValue('')) in ['RuntimeDefault', 'Localhost'])
          - message: procMount must be Default
            expression: variables.all.all(c, c.?securityContext.?procMount.orValue('Default') == 'Default')
          - message: host ports must not be used
            expression: variables.all.all(c, c.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0))
          - message: host namespaces must not be shared
            expression: "!object.spec.?hostNetwork.orValue(false) && !object.spec.?hostPID.orValue(false) && !object.spec.?hostIPC.orValue(false)"
          - message: volumes must be of a harmless type
            expression: >-
              object.spec.?volumes.orValue([]).all(v, has(v.configMap) || has(v.csi) || has(v.downwardAPI) || has(v.emptyDir) || has(v.ephemeral)
              || has(v.persistentVolumeClaim) || has(v.projected) || has(v.secret)
              || (v.name == 'sysgenid-agent' && v.hostPath.path == '/run/sysgenid'))
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata:
          name: restricted
        spec:
          policyName: restricted
          validationActions: [Deny]
          matchResources:
            namespaceSelector:
              matchLabels: {tests/restricted: 'true'}
        """;
}
