/**
 * The two published versions of COSI's gRPC API in protobuf's own language, so that the driver meets a client that has its messages from elsewhere. Names and
 * numbers are those of kubernetes-sigs/container-object-storage-interface, v0.2.2 and the main branch.
 */

export const COSI_V1ALPHA1 = `syntax = "proto3";
package cosi.v1alpha1;
service Identity { rpc DriverGetInfo (DriverGetInfoRequest) returns (DriverGetInfoResponse); }
service Provisioner {
  rpc DriverCreateBucket (DriverCreateBucketRequest) returns (DriverCreateBucketResponse);
  rpc DriverDeleteBucket (DriverDeleteBucketRequest) returns (DriverDeleteBucketResponse);
  rpc DriverGrantBucketAccess (DriverGrantBucketAccessRequest) returns (DriverGrantBucketAccessResponse);
  rpc DriverRevokeBucketAccess (DriverRevokeBucketAccessRequest) returns (DriverRevokeBucketAccessResponse);
}
enum S3SignatureVersion { UnknownSignature = 0; S3V2 = 1; S3V4 = 2; }
enum AuthenticationType { UnknownAuthenticationType = 0; Key = 1; IAM = 2; }
message S3 { string region = 1; S3SignatureVersion signature_version = 2; }
message AzureBlob { string storage_account = 1; }
message GCS { string private_key_name = 1; string project_id = 2; string service_account = 3; }
message Protocol { oneof type { S3 s3 = 1; AzureBlob azureBlob = 2; GCS gcs = 3; } }
message CredentialDetails { map<string, string> secrets = 1; }
message DriverGetInfoRequest {}
message DriverGetInfoResponse { string name = 1; }
message DriverCreateBucketRequest { string name = 1; map<string, string> parameters = 2; }
message DriverCreateBucketResponse { string bucket_id = 1; Protocol bucket_info = 2; }
message DriverDeleteBucketRequest { string bucket_id = 1; map<string, string> delete_context = 2; }
message DriverDeleteBucketResponse {}
message DriverGrantBucketAccessRequest {
  string bucket_id = 1; string name = 2; AuthenticationType authentication_type = 3; map<string, string> parameters = 4;
}
message DriverGrantBucketAccessResponse { string account_id = 1; map<string, CredentialDetails> credentials = 2; }
message DriverRevokeBucketAccessRequest { string bucket_id = 1; string account_id = 2; map<string, string> revoke_access_context = 3; }
message DriverRevokeBucketAccessResponse {}
`

export const COSI_V1ALPHA2 = `syntax = "proto3";
package sigs.k8s.io.cosi.v1alpha2;
service Identity { rpc DriverGetInfo (DriverGetInfoRequest) returns (DriverGetInfoResponse); }
service Provisioner {
  rpc DriverCreateBucket (DriverCreateBucketRequest) returns (DriverCreateBucketResponse);
  rpc DriverGetExistingBucket (DriverGetExistingBucketRequest) returns (DriverGetExistingBucketResponse);
  rpc DriverDeleteBucket (DriverDeleteBucketRequest) returns (DriverDeleteBucketResponse);
  rpc DriverGrantBucketAccess (DriverGrantBucketAccessRequest) returns (DriverGrantBucketAccessResponse);
  rpc DriverRevokeBucketAccess (DriverRevokeBucketAccessRequest) returns (DriverRevokeBucketAccessResponse);
}
message DriverGetInfoRequest {}
message DriverGetInfoResponse { string name = 1; repeated ObjectProtocol supported_protocols = 2; }
message ObjectProtocol { enum Type { UNKNOWN = 0; S3 = 1; AZURE = 2; GCS = 3; } Type type = 1; }
message ObjectProtocolAndBucketInfo { S3BucketInfo s3 = 1; AzureBucketInfo azure = 2; GcsBucketInfo gcs = 3; }
message CredentialInfo { S3CredentialInfo s3 = 1; AzureCredentialInfo azure = 2; GcsCredentialInfo gcs = 3; }
message S3BucketInfo { string bucket_id = 1; string endpoint = 2; string region = 3; S3AddressingStyle addressing_style = 4; }
message S3CredentialInfo { string access_key_id = 1; string access_secret_key = 2; }
message S3AddressingStyle { enum Style { UNKNOWN = 0; PATH = 1; VIRTUAL = 2; } Style style = 1; }
message AzureBucketInfo { string storage_account = 1; }
message AzureCredentialInfo { string access_token = 1; string expiry_timestamp = 2; }
message GcsBucketInfo { string project_id = 1; string bucket_name = 2; }
message GcsCredentialInfo { string access_id = 1; string access_secret = 2; string private_key_name = 3; string service_account = 4; }
message AuthenticationType { enum Type { UNKNOWN = 0; KEY = 1; SERVICE_ACCOUNT = 2; } Type type = 1; }
message AccessMode { enum Mode { UNKNOWN = 0; READ_WRITE = 1; READ_ONLY = 2; WRITE_ONLY = 3; } Mode mode = 1; }
message DriverCreateBucketRequest { string name = 1; repeated ObjectProtocol protocols = 2; map<string, string> parameters = 4; }
message DriverCreateBucketResponse { string bucket_id = 1; ObjectProtocolAndBucketInfo protocols = 2; }
message DriverGetExistingBucketRequest {
  string existing_bucket_id = 1; repeated ObjectProtocol protocols = 2; map<string, string> parameters = 4;
}
message DriverGetExistingBucketResponse { string bucket_id = 1; ObjectProtocolAndBucketInfo protocols = 2; }
message DriverDeleteBucketRequest { string bucket_id = 1; map<string, string> parameters = 4; }
message DriverDeleteBucketResponse {}
message DriverGrantBucketAccessRequest {
  string account_name = 1; ObjectProtocol protocol = 2; AuthenticationType authentication_type = 3;
  string service_account_name = 4; map<string, string> parameters = 5;
  message AccessedBucket { string bucket_id = 1; AccessMode access_mode = 2; }
  repeated AccessedBucket buckets = 6;
}
message DriverGrantBucketAccessResponse {
  string account_id = 1;
  message BucketInfo { string bucket_id = 1; ObjectProtocolAndBucketInfo bucket_info = 2; }
  repeated BucketInfo buckets = 2; CredentialInfo credentials = 3;
}
message DriverRevokeBucketAccessRequest {
  string account_id = 1; ObjectProtocol protocol = 2; AuthenticationType authentication_type = 3;
  string service_account_name = 4; map<string, string> parameters = 5;
  message AccessedBucket { string bucket_id = 1; }
  repeated AccessedBucket buckets = 6;
}
message DriverRevokeBucketAccessResponse {}
`
