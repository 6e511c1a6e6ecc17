"""
Which kinds of managed resources take tags, as function-tag-manager has it: facts of the providers' CRDs.

The same kinds exist in the cluster-scoped and in the namespaced groups (`ec2.aws.upbound.io`, `ec2.aws.m.upbound.io`).
All of the AWS provider up to 1.14, with what is known of later ones; of the Azure provider those in common use.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from crosshead.base.objects import Kind

# A line per group, without its suffix.
_AWS: Final = """\
accessanalyzer Analyzer
acm Certificate
acmpca CertificateAuthority
amp RuleGroupNamespace Scraper Workspace
amplify App Branch
apigateway APIKey ClientCertificate DomainName RestAPI Stage UsagePlan VPCLink
apigatewayv2 API DomainName Stage VPCLink
appautoscaling Target
appconfig Application ConfigurationProfile Deployment DeploymentStrategy Environment Extension
appflow Flow
appintegrations EventIntegration
applicationinsights Application
appmesh GatewayRoute Mesh Route VirtualGateway VirtualNode VirtualRouter VirtualService
apprunner AutoScalingConfigurationVersion Connection ObservabilityConfiguration Service VPCConnector
appstream Fleet ImageBuilder Stack
appsync GraphQLAPI
athena DataCatalog Workgroup
autoscaling AutoscalingGroup
backup Framework Plan ReportPlan Vault
batch ComputeEnvironment JobDefinition JobQueue SchedulingPolicy
budgets Budget BudgetAction
ce AnomalyMonitor
chime VoiceConnector
cloud9 EnvironmentEC2
cloudformation Stack StackSet
cloudfront Distribution
cloudtrail EventDataStore Trail
cloudwatch CompositeAlarm MetricAlarm MetricStream
cloudwatchevents Bus Rule
cloudwatchlogs Destination Group
codeartifact Domain Repository
codecommit Repository
codeguruprofiler ProfilingGroup
codepipeline Codepipeline CustomActionType Webhook
codestarconnections Connection
codestarnotifications NotificationRule
cognitoidentity Pool
cognitoidp UserPool
configservice ConfigRule ConfigurationAggregator
connect ContactFlow ContactFlowModule HoursOfOperation PhoneNumber Queue QuickConnect RoutingProfile SecurityProfile
connect User Vocabulary
dataexchange DataSet Revision
datapipeline Pipeline
datasync LocationS3 Task
dax Cluster
deploy App DeploymentGroup
detective Graph
devicefarm DevicePool InstanceProfile NetworkProfile Project TestGridProject
directconnect Connection HostedPrivateVirtualInterfaceAccepter HostedPublicVirtualInterfaceAccepter
directconnect HostedTransitVirtualInterfaceAccepter Lag PrivateVirtualInterface PublicVirtualInterface
directconnect TransitVirtualInterface
dlm LifecyclePolicy
dms Certificate Endpoint EventSubscription ReplicationInstance ReplicationSubnetGroup ReplicationTask S3Endpoint
docdb Cluster ClusterInstance ClusterParameterGroup EventSubscription SubnetGroup
ds Directory
dynamodb Table TableReplica
ec2 AMI AMICopy CapacityReservation CarrierGateway CustomerGateway DefaultNetworkACL DefaultRouteTable
ec2 DefaultSecurityGroup DefaultSubnet DefaultVPC DefaultVPCDHCPOptions EBSSnapshot EBSSnapshotCopy
ec2 EBSSnapshotImport EBSVolume EgressOnlyInternetGateway EIP Fleet FlowLog Host Instance InternetGateway KeyPair
ec2 LaunchTemplate ManagedPrefixList NATGateway NetworkACL NetworkInsightsAnalysis NetworkInsightsPath
ec2 NetworkInterface PlacementGroup RouteTable SecurityGroup SecurityGroupEgressRule SecurityGroupIngressRule
ec2 SpotFleetRequest SpotInstanceRequest Subnet TrafficMirrorFilter TransitGateway TransitGatewayConnect
ec2 TransitGatewayConnectPeer TransitGatewayMulticastDomain TransitGatewayPeeringAttachment
ec2 TransitGatewayPeeringAttachmentAccepter TransitGatewayPolicyTable TransitGatewayRouteTable
ec2 TransitGatewayVPCAttachment TransitGatewayVPCAttachmentAccepter VPC VPCDHCPOptions VPCEndpoint
ec2 VPCEndpointService VPCIpam VPCIpamPool VPCIpamScope VPCPeeringConnection VPCPeeringConnectionAccepter
ec2 VPNConnection VPNGateway
ecr Repository
ecrpublic Repository
ecs CapacityProvider Cluster Service TaskDefinition
efs AccessPoint FileSystem
eks AccessEntry Addon Cluster FargateProfile IdentityProviderConfig NodeGroup PodIdentityAssociation
elasticache Cluster ParameterGroup ReplicationGroup ServerlessCache SubnetGroup User UserGroup
elasticbeanstalk Application ApplicationVersion
elasticsearch Domain
elb ELB
elbv2 LB LBListener LBListenerRule LBTargetGroup LBTrustStore
emrserverless Application
evidently Feature Project Segment
firehose DeliveryStream
fis ExperimentTemplate
fsx Backup DataRepositoryAssociation LustreFileSystem OntapFileSystem OntapStorageVirtualMachine WindowsFileSystem
gamelift Alias Build Fleet GameSessionQueue Script
glacier Vault
globalaccelerator Accelerator
glue CatalogDatabase Connection Crawler Job Registry Schema Trigger Workflow
grafana Workspace
guardduty Detector Filter
iam InstanceProfile OpenIDConnectProvider Policy Role SAMLProvider ServerCertificate ServiceLinkedRole User
iam VirtualMfaDevice
imagebuilder Component ContainerRecipe DistributionConfiguration Image ImagePipeline ImageRecipe
imagebuilder InfrastructureConfiguration
inspector AssessmentTemplate ResourceGroup
iot Policy ProvisioningTemplate RoleAlias ThingGroup ThingType TopicRule
ivs Channel RecordingConfiguration
kafka Cluster ServerlessCluster
kafkaconnect Connector CustomPlugin WorkerConfiguration
kendra DataSource Index QuerySuggestionsBlockList Thesaurus
keyspaces Keyspace Table
kinesis Stream
kinesisanalytics Application
kinesisanalyticsv2 Application
kinesisvideo Stream
kms ExternalKey Key ReplicaExternalKey ReplicaKey
lambda Function
licensemanager LicenseConfiguration
lightsail Bucket Certificate ContainerService Disk Instance KeyPair LB
location GeofenceCollection PlaceIndex RouteCalculator Tracker
macie2 ClassificationJob CustomDataIdentifier FindingsFilter Member
mediaconvert Queue
medialive Channel Input InputSecurityGroup Multiplex
mediapackage Channel
mediastore Container
memorydb ACL Cluster ParameterGroup Snapshot SubnetGroup User
mq Broker Configuration
mwaa Environment
neptune Cluster ClusterEndpoint ClusterInstance ClusterParameterGroup EventSubscription ParameterGroup SubnetGroup
networkfirewall Firewall FirewallPolicy RuleGroup
networkmanager ConnectAttachment Connection CoreNetwork Device GlobalNetwork Link Site VPCAttachment
opensearch Domain
opensearchserverless Collection
opsworks CustomLayer EcsClusterLayer GangliaLayer HAProxyLayer JavaAppLayer MemcachedLayer MySQLLayer NodeJSAppLayer
opsworks PHPAppLayer RailsAppLayer Stack StaticWebLayer
organizations Account OrganizationalUnit Policy
pinpoint App
pipes Pipe
qldb Ledger Stream
ram ResourceShare
rds Cluster ClusterEndpoint ClusterInstance ClusterParameterGroup ClusterSnapshot DBSnapshotCopy EventSubscription
rds Instance OptionGroup ParameterGroup Proxy ProxyEndpoint Snapshot SubnetGroup
redshift Cluster EventSubscription HSMClientCertificate HSMConfiguration ParameterGroup SnapshotCopyGrant
redshift SnapshotSchedule SubnetGroup UsageLimit
redshiftserverless RedshiftServerlessNamespace Workgroup
resourcegroups Group
rolesanywhere Profile
route53 HealthCheck Zone
route53recoveryreadiness Cell ReadinessCheck RecoveryGroup ResourceSet
route53resolver Endpoint Rule
rum AppMonitor
s3 Bucket BucketObject Object ObjectCopy
s3control StorageLensConfiguration
sagemaker App AppImageConfig CodeRepository DeviceFleet Domain Endpoint EndpointConfiguration FeatureGroup Image Model
sagemaker ModelPackageGroup NotebookInstance Space StudioLifecycleConfig UserProfile Workteam
scheduler ScheduleGroup
schemas Discoverer Registry Schema
secretsmanager Secret
serverlessrepo CloudFormationStack
servicecatalog Portfolio Product
servicediscovery HTTPNamespace PrivateDNSNamespace PublicDNSNamespace Service
sesv2 ConfigurationSet DedicatedIPPool EmailIdentity
sfn Activity StateMachine
signer SigningProfile
sns Topic
sqs Queue
ssm Activation Association Document MaintenanceWindow Parameter PatchBaseline
ssoadmin PermissionSet
swf Domain
timestreamwrite Database Table
transcribe LanguageModel Vocabulary VocabularyFilter
transfer Connector Server User Workflow
waf RateBasedRule Rule WebACL
wafregional RateBasedRule Rule WebACL
wafv2 IPSet RegexPatternSet RuleGroup WebACL
workspaces Directory IPGroup
xray Group SamplingRule
"""

_AZURE: Final = """\
- ResourceGroup
alertsmanagement MonitorAlertProcessingRuleActionGroup MonitorAlertProcessingRuleSuppression
alertsmanagement MonitorAlertPrometheusRuleGroup MonitorSmartDetectorAlertRule
analysisservices Server
apimanagement Management
appconfiguration Configuration Key
appplatform SpringCloudService
attestation Provider
automation Account RunBook
cache RedisCache RedisEnterpriseCluster
cdn Endpoint FrontdoorEndpoint FrontdoorProfile Profile
cognitiveservices Account
compute AvailabilitySet Disk DiskEncryptionSet Image LinuxVirtualMachine LinuxVirtualMachineScaleSet ManagedDisk
compute OrchestratedVirtualMachineScaleSet SharedImage SharedImageGallery Snapshot VirtualMachineExtension
compute WindowsVirtualMachine WindowsVirtualMachineScaleSet
containerapp ContainerApp Environment
containerregistry Registry
containerservice KubernetesCluster KubernetesClusterNodePool
cosmosdb Account
databricks Workspace
datafactory Factory
dbformariadb Server
dbformysql FlexibleServer Server
dbforpostgresql FlexibleServer Server
devices IOTHub
eventgrid Domain SystemTopic Topic
eventhub EventHubNamespace
insights ApplicationInsights AutoscaleSetting MonitorActionGroup MonitorActivityLogAlert MonitorMetricAlert
keyvault Certificate Key Secret Vault
logic AppWorkflow
machinelearningservices Workspace
managedidentity UserAssignedIdentity
network ApplicationGateway ApplicationSecurityGroup ConnectionMonitor DDoSProtectionPlan DNSZone ExpressRouteCircuit
network Firewall FirewallPolicy FrontDoor IPGroup LoadBalancer LocalNetworkGateway NATGateway NetworkInterface Profile
network PrivateDNSZone PrivateDNSZoneVirtualNetworkLink PrivateEndpoint PublicIP PublicIPPrefix RouteTable
network SecurityGroup TrafficManagerProfile VirtualHub VirtualNetwork VirtualNetworkGateway
network VirtualNetworkGatewayConnection VirtualWAN VPNGateway Watcher WebApplicationFirewallPolicy
notificationhubs NotificationHub NotificationHubNamespace
operationalinsights Workspace
recoveryservices Vault
relay Namespace
search Service
servicebus ServiceBusNamespace
signalrservice Service WebPubsub
sql MSSQLDatabase MSSQLElasticPool MSSQLManagedInstance MSSQLServer
storage Account
streamanalytics Cluster Job
synapse SparkPool SQLPool Workspace
web AppServiceEnvironmentV3 AppServicePlan FunctionApp LinuxFunctionApp LinuxWebApp ServicePlan StaticSite
web WindowsFunctionApp WindowsWebApp
"""


def takes_tags(kind: Kind) -> bool:
    """Whether resources of *kind*, in whichever version, have `spec.forProvider.tags`."""
    return (kind.group, kind.kind) in _known()


@cache
def _known() -> frozenset[tuple[str, str]]:
    return frozenset([*_read(_AWS, "aws"), *_read(_AZURE, "azure")])


def _read(lines: str, cloud: str) -> Iterator[tuple[str, str]]:
    for line in lines.splitlines():
        service, *kinds = line.split()
        prefix = "" if service == "-" else f"{service}."
        for kind in kinds:
            yield f"{prefix}{cloud}.upbound.io", kind
            yield f"{prefix}{cloud}.m.upbound.io", kind
