/**
 * What the members of Lightsail's structures mean, by the name of the structure: what its shape does not say already. They stand apart from
 * the shapes because only help tells them, and every command pays for what it loads.
 */
export const memberTexts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AccessKey: {
    accessKeyId: 'The id of the access key, which S3 clients are given together with the secret.',
    secretAccessKey:
      'The secret access key, which requests are signed with. It is returned once, when the key is made, and is in no later response: keep it in a safe place. If it is lost or may be known to others, make another key and delete this one.',
    status:
      'Active: requests signed with the key are valid. Inactive: they are not. Keys of buckets are always Active; to stop one, delete it.',
    createdAt: 'When the key was made.',
    lastUsed: 'When, in which region and for which service the key was last used.',
  },
  AccessKeyLastUsed: {
    lastUsedDate: 'When the key was last used. Absent while it has never been used.',
    region: 'The region in which the key was last used; N/A while it has never been used.',
    serviceName: 'The service for which the key was last used; N/A while it has never been used.',
  },
  AccountLevelBpaSync: {
    status:
      'Whether the block of public access of the account is in step: InSync, Failed, NeverSynced, or Defaulted (it could not be read, and is taken as on).',
    lastSyncedAt: 'When it was last in step. Absent when it never was.',
    message: 'Why it is not in step, for the status Defaulted or Failed.',
    bpaImpactsLightsail: 'Whether the block of the account keeps buckets from being public.',
  },
  AccessRules: {
    getObject: 'public: everybody may read all objects. private: only who has a key or was given access.',
    allowPublicOverrides:
      'Whether single objects may be made public, with an access control list (ACL) of public-read, while getObject is private.',
  },
  Bucket: {
    resourceType: 'The kind of resource, which is Bucket.',
    accessRules: 'Who may read objects without credentials.',
    arn: 'The Amazon Resource Name (ARN) of the bucket.',
    bundleId: 'The bundle that the bucket is on.',
    createdAt: 'When the bucket was made.',
    url: 'The URL of the bucket.',
    location: 'Where the bucket is.',
    name: 'The name of the bucket.',
    supportCode: 'The code that an operator may ask for when there are questions about the bucket.',
    tags: 'The tags of the bucket.',
    objectVersioning:
      'Enabled: every change of an object keeps the state before it as a version. Suspended: no more versions are made, those there are stay. NeverEnabled: there have never been versions.',
    ableToUpdateBundle:
      'Whether update-bucket-bundle may be used now. It may once in a monthly billing cycle.',
    readonlyAccessAccounts: 'The ids of other accounts that may read all objects of the bucket.',
    resourcesReceivingAccess:
      'The resources that have access to the bucket without a key. Shown only when get-buckets was given --include-connected-resources.',
    state: 'Whether the bucket can be used.',
    accessLogConfig: 'Whether requests to the bucket are logged, and into which bucket.',
    cors: 'The rules for requests from web pages of other origins. Shown only when get-buckets was given --include-cors, or when they were just changed.',
  },
  BucketAccessLogConfig: {
    enabled: 'Whether requests to the bucket are logged.',
    destination:
      'The bucket that log objects are written to, of the same account and region; it may be the same bucket. Needed with enabled, left out without.',
    prefix: 'What the names of the log objects begin with. It best ends with a slash: logs/',
  },
  BucketBundle: {
    bundleId: 'The id of the bundle, which create-bucket and update-bucket-bundle take.',
    name: 'The name of the bundle, for people.',
    price: 'The price in US dollars a month.',
    storagePerMonthInGb: 'How many GB a bucket on the bundle may hold.',
    transferPerMonthInGb: 'How many GB a month may be read from a bucket on the bundle.',
    isActive: 'Whether buckets can be put on the bundle.',
  },
  BucketCorsConfig: { rules: 'The rules, at most 20. The first that fits a request counts.' },
  BucketCorsRule: {
    id: 'A name for the rule, chosen by its owner: at most 255 characters.',
    allowedMethods: 'The HTTP methods that are allowed: DELETE, GET, HEAD, POST and PUT.',
    allowedOrigins: 'The origins the rule is for, as https://example.com; each may hold one *.',
    allowedHeaders: 'The request headers that a preflight request may ask for; each may hold one *.',
    exposeHeaders: 'The response headers that scripts of a page may read.',
    maxAgeSeconds: 'For how many seconds a browser may keep the response to a preflight request.',
  },
  BucketState: {
    code: 'OK: the bucket can be used. Unknown: making it may have run out of time.',
    message: 'Why the state is as it is.',
  },
  MetricDatapoint: {
    average: 'The average of the period.',
    maximum: 'The greatest value of the period.',
    minimum: 'The least value of the period.',
    sampleCount: 'How many measurements the point is made from.',
    sum: 'The sum of all measurements of the period.',
    timestamp: 'When the period began.',
    unit: 'The unit of the values.',
  },
  Operation: {
    id: 'The id of the record, which get-operation takes.',
    resourceName: 'The name of the resource that was changed.',
    resourceType: 'The kind of resource that was changed: Bucket.',
    createdAt: 'When the change was asked for.',
    location: 'Where the resource is.',
    isTerminal: 'Whether the change has come to its end.',
    operationDetails: 'What else the change was about, such as the id of an access key; may be empty.',
    operationType: 'What was done.',
    status:
      'How far the change is: NotStarted, Started, Failed, Completed or Succeeded. Changes of buckets are Succeeded as soon as they are answered.',
    statusChangedAt: 'When the status last changed.',
    errorCode: 'The code of the error, for a change that failed; else empty.',
    errorDetails: 'What went wrong, for a change that failed; else empty.',
  },
  ResourceLocation: {
    availabilityZone: 'The availability zone; all for a bucket, which belongs to a whole region.',
    regionName: 'The region.',
  },
  ResourceReceivingAccess: {
    name: 'The name of the resource.',
    resourceType: 'The kind of resource, such as Instance.',
  },
  Tag: {
    key: 'The key of the tag: at most 128 letters, digits, spaces and + - = . _ : / @',
    value: 'The value of the tag: at most 256 of the same characters. May be absent.',
  },

  CreateBucketResult: {
    bucket: 'The bucket that was made.',
    operations: 'The record of the change.',
  },
  GetBucketsResult: {
    buckets: 'The buckets, in the order of their names.',
    nextPageToken: 'What --page-token of the next command takes, to go on. Absent on the last page.',
    accountLevelBpaSync:
      "How the block of public access that the account has in S3 stands to Lightsail's buckets.",
  },
  UpdateBucketResult: {
    bucket: 'The bucket as it is now.',
    operations: 'The record of the change.',
  },
  UpdateBucketBundleResult: { operations: 'The record of the change.' },
  DeleteBucketResult: { operations: 'The record of the change.' },
  GetBucketBundlesResult: { bundles: 'The bundles.' },
  GetBucketMetricDataResult: {
    metricName: 'The metric that was asked for.',
    metricData: 'The data points, oldest first. There are none for days on which the bucket was empty.',
  },
  CreateBucketAccessKeyResult: {
    accessKey: 'The access key that was made. This response, and no later one, has its secret.',
    operations: 'The record of the change.',
  },
  GetBucketAccessKeysResult: {
    accessKeys: 'The access keys of the bucket, at most two, without their secrets.',
  },
  DeleteBucketAccessKeyResult: { operations: 'The record of the change.' },
  SetResourceAccessForBucketResult: { operations: 'The record of the change.' },
  GetOperationResult: { operation: 'The record that was asked for.' },
  GetOperationsResult: {
    operations: 'The records, oldest first.',
    nextPageToken: 'Where the next page begins. Absent on the last page.',
  },
  GetOperationsForResourceResult: {
    operations: 'The records of the resource, oldest first.',
    nextPageCount: 'Of old clients; no longer given.',
    nextPageToken: 'What --page-token of the next command takes, to go on. Absent on the last page.',
  },
  TagResourceResult: { operations: 'The record of the change.' },
  UntagResourceResult: { operations: 'The record of the change.' },
}
