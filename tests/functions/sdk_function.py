"""
A composition function as its authors would write one, with crossplane-function-sdk-python: run it with its address.

It composes a bucket, learns about a namespace that it requires, and says all that a function can say.
"""

import sys

import grpc
from crossplane.function import resource, response, runtime
from crossplane.function.proto.v1 import run_function_pb2 as fnv1
from crossplane.function.proto.v1 import run_function_pb2_grpc as grpcv1


class Function(grpcv1.FunctionRunnerService):
    async def RunFunction(  # noqa: N802 (gRPC's name for it)
        self, request: fnv1.RunFunctionRequest, _: grpc.aio.ServicerContext
    ) -> fnv1.RunFunctionResponse:
        answer = response.to(request)
        spec = request.observed.composite.resource["spec"]
        if "fail" in spec:
            response.fatal(answer, f"cannot compose: {spec['fail']}")
            return answer
        bucket = {"apiVersion": "example.org/v1", "kind": "Bucket", "spec": {"size": spec["size"] * 2, "free": 0.5}}
        resource.update(answer.desired.resources["bucket"], bucket)
        answer.desired.resources["bucket"].ready = fnv1.READY_TRUE
        answer.desired.composite.connection_details["password"] = b"\xffsecret"
        answer.requirements.resources["home"].CopyFrom(
            fnv1.ResourceSelector(api_version="v1", kind="Namespace", match_name="home")
        )
        found = request.required_resources["home"].items if "home" in request.required_resources else []
        status = {"namespaces": len(found), "user": request.credentials["aws"].credential_data.data["user"].decode()}
        resource.update(answer.desired.composite, {"status": status})
        response.warning(answer, "mind the gap")
        answer.results[0].target = fnv1.TARGET_COMPOSITE_AND_CLAIM
        answer.conditions.add(type="Sound", status=fnv1.STATUS_CONDITION_TRUE, reason="AllWell")
        answer.context["example.org/key"] = [1, 2.5, None]
        return answer


if __name__ == "__main__":
    address, *directory = sys.argv[1:]
    credentials = runtime.load_credentials(directory[0]) if directory else None
    runtime.serve(Function(), address, creds=credentials, insecure=not directory)
