import type { LightsailOperationName } from '../index.ts'

/** A command line that shows an operation at work. */
export interface Example {
  /** What it does: a sentence. */
  readonly title: string
  /** What is typed in a shell, without `lugsail`, in the lines that help shows: at most 66 characters each. */
  readonly command: readonly string[]
  /** What is then printed, in lines of at most 72 characters. */
  readonly output?: readonly string[]
}

/** What help tells of an operation beyond its shapes. */
export interface OperationText {
  /** Paragraphs that follow the operation's own description. */
  readonly notes: readonly string[]
  readonly examples: readonly Example[]
  readonly related: readonly LightsailOperationName[]
}

const SHORTHAND_OR_JSON = 'Structures are typed in the short form or as JSON; both are shown with the option.'

/** What help tells of each operation beyond its shapes. */
export const operationTexts: Readonly<Record<LightsailOperationName, OperationText>> = {
  CreateBucket: {
    notes: [
      'A new bucket is private: its objects are read and written with its access keys, which create-bucket-access-key makes. Which bundles there are, get-bucket-bundles tells; the bundle can be changed later, the name and the region cannot.',
    ],
    examples: [
      {
        title: 'Make a bucket on the smallest bundle',
        command: ['create-bucket --bucket-name photos --bundle-id small_1_0'],
      },
      {
        title: 'Make a bucket that keeps versions, with two tags',
        command: [
          'create-bucket --bucket-name photos --bundle-id small_1_0 \\',
          '--enable-object-versioning \\',
          '--tags key=team,value=web key=stage,value=test',
        ],
      },
    ],
    related: ['GetBuckets', 'GetBucketBundles', 'UpdateBucket', 'CreateBucketAccessKey', 'DeleteBucket'],
  },
  GetBuckets: {
    notes: [
      'Without --bucket-name the response may come in pages: where it has a nextPageToken, the same command with --page-token shows the next one.',
    ],
    examples: [
      {
        title: 'The names of all buckets',
        command: ["get-buckets --query 'buckets[].name' --output text"],
        output: ['photos  videos'],
      },
      {
        title: 'All about one bucket',
        command: ['get-buckets --bucket-name photos --include-connected-resources \\', '--include-cors'],
      },
    ],
    related: ['CreateBucket', 'UpdateBucket', 'GetBucketAccessKeys', 'GetBucketMetricData'],
  },
  UpdateBucket: {
    notes: [
      SHORTHAND_OR_JSON,
      'Turning versioning on or off makes all objects private where single ones could be public; set --access-rules again if that is not wanted.',
    ],
    examples: [
      {
        title: 'Let everybody read all objects',
        command: [
          'update-bucket --bucket-name photos \\',
          '--access-rules getObject=public,allowPublicOverrides=false',
        ],
      },
      {
        title: 'Keep versions',
        command: ['update-bucket --bucket-name photos --versioning Enabled'],
      },
      {
        title: 'Log requests into another bucket',
        command: [
          'update-bucket --bucket-name photos --access-log-config \\',
          'enabled=true,destination=photos-logs,prefix=photos/',
        ],
      },
      {
        title: 'Let the pages of a site read and write objects',
        command: [
          `update-bucket --bucket-name photos --cors '{"rules": [{`,
          `"allowedMethods": ["GET", "PUT"],`,
          `"allowedOrigins": ["https://example.com"]}]}'`,
        ],
      },
    ],
    related: ['GetBuckets', 'UpdateBucketBundle', 'SetResourceAccessForBucket'],
  },
  UpdateBucketBundle: {
    notes: ['Whether it can be done now, ableToUpdateBundle of get-buckets tells.'],
    examples: [
      {
        title: 'Put a bucket on the next larger bundle',
        command: ['update-bucket-bundle --bucket-name photos --bundle-id medium_1_0'],
      },
    ],
    related: ['GetBucketBundles', 'GetBuckets', 'GetBucketMetricData'],
  },
  DeleteBucket: {
    notes: ['What is deleted cannot be brought back.'],
    examples: [
      { title: 'Delete an empty bucket', command: ['delete-bucket --bucket-name photos'] },
      {
        title: 'Delete a bucket with all that is in it, and its keys',
        command: ['delete-bucket --bucket-name photos --force-delete'],
      },
    ],
    related: ['CreateBucket', 'GetBuckets', 'DeleteBucketAccessKey', 'SetResourceAccessForBucket'],
  },
  GetBucketBundles: {
    notes: [],
    examples: [
      {
        title: 'Ids and sizes of the bundles',
        command: [
          'get-bucket-bundles --output text \\',
          "--query 'bundles[].[bundleId,storagePerMonthInGb,price]'",
        ],
        output: ['small_1_0       5       1.0', 'medium_1_0      100     3.0', 'large_1_0       250     5.0'],
      },
    ],
    related: ['CreateBucket', 'UpdateBucketBundle'],
  },
  GetBucketMetricData: {
    notes: [],
    examples: [
      {
        title: 'How many bytes a bucket held, day by day',
        command: [
          'get-bucket-metric-data --bucket-name photos \\',
          '--metric-name BucketSizeBytes --unit Bytes --statistics Maximum \\',
          '--start-time 2030-01-01T00:00:00Z --end-time 2030-02-01T00:00:00Z \\',
          '--period 86400',
        ],
      },
    ],
    related: ['GetBuckets', 'GetBucketBundles'],
  },
  CreateBucketAccessKey: {
    notes: [
      'Whoever has the access key id and the secret access key can read, change and delete all objects of the bucket. When a secret is lost or known to others, make another key and delete that one.',
      'Two keys are there so that they can be changed without a gap: make the second, move all clients over to it, look at lastUsed of the first (get-bucket-access-keys), then delete that.',
    ],
    examples: [
      {
        title: 'Make an access key for a bucket',
        command: ['create-bucket-access-key --bucket-name photos'],
        output: [
          '{',
          '    "accessKey": {',
          '        "accessKeyId": "AKIAIOSFODNN7EXAMPLE",',
          '        "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",',
          '        "status": "Active",',
          '        "createdAt": 1700000000.123,',
          '        "lastUsed": {',
          '            "region": "N/A",',
          '            "serviceName": "N/A"',
          '        }',
          '    },',
          '    "operations": [',
          '        ...',
          '    ]',
          '}',
        ],
      },
      {
        title: 'Only the id and the secret, on one line',
        command: [
          'create-bucket-access-key --bucket-name photos --output text \\',
          "--query 'accessKey.[accessKeyId,secretAccessKey]'",
        ],
      },
    ],
    related: ['GetBucketAccessKeys', 'DeleteBucketAccessKey', 'CreateBucket', 'SetResourceAccessForBucket'],
  },
  GetBucketAccessKeys: {
    notes: ['A bucket has at most two keys. The secret of a key is returned once, when it is made.'],
    examples: [
      {
        title: 'When each key was last used',
        command: [
          'get-bucket-access-keys --bucket-name photos --output text \\',
          "--query 'accessKeys[].[accessKeyId,lastUsed.lastUsedDate]'",
        ],
        output: ['AKIAIOSFODNN7EXAMPLE    1700000000.123'],
      },
    ],
    related: ['CreateBucketAccessKey', 'DeleteBucketAccessKey'],
  },
  DeleteBucketAccessKey: {
    notes: [
      'From the next request on, what is signed with the key is refused, and uploads in parts that were begun with it do not come into being. The bucket then has room for another key.',
    ],
    examples: [
      {
        title: 'Delete a key',
        command: ['delete-bucket-access-key --bucket-name photos \\', '--access-key-id AKIAIOSFODNN7EXAMPLE'],
      },
    ],
    related: ['GetBucketAccessKeys', 'CreateBucketAccessKey'],
  },
  SetResourceAccessForBucket: {
    notes: [
      'The resource then reads and writes all objects of the bucket with its own credentials. On a Lugsail server, lugsail resource add makes a resource known and shows its access key.',
    ],
    examples: [
      {
        title: 'Give a machine access',
        command: [
          'set-resource-access-for-bucket --resource-name web-1 \\',
          '--bucket-name photos --access allow',
        ],
      },
      {
        title: 'Take it away',
        command: [
          'set-resource-access-for-bucket --resource-name web-1 \\',
          '--bucket-name photos --access deny',
        ],
      },
    ],
    related: ['GetBuckets', 'UpdateBucket', 'CreateBucketAccessKey'],
  },
  GetOperation: {
    notes: [],
    examples: [
      {
        title: 'How a change ended',
        command: [
          'get-operation --query operation.status --output text \\',
          '--operation-id 0d8a4a0e-1f54-4c53-9a1f-f9b1d7a4e2c3',
        ],
        output: ['Succeeded'],
      },
    ],
    related: ['GetOperations', 'GetOperationsForResource'],
  },
  GetOperations: {
    notes: [],
    examples: [
      {
        title: 'What was done to which resource',
        command: [
          'get-operations --output text \\',
          "--query 'operations[].[createdAt,operationType,resourceName,status]'",
        ],
      },
    ],
    related: ['GetOperation', 'GetOperationsForResource'],
  },
  GetOperationsForResource: {
    notes: [],
    examples: [
      {
        title: 'What was done to a bucket',
        command: [
          'get-operations-for-resource --resource-name photos \\',
          "--output text --query 'operations[].[createdAt,operationType]'",
        ],
      },
    ],
    related: ['GetOperation', 'GetOperations'],
  },
  TagResource: {
    notes: [`A resource has at most 50 tags. ${SHORTHAND_OR_JSON}`],
    examples: [
      {
        title: 'Give a bucket two tags',
        command: ['tag-resource --resource-name photos \\', '--tags key=team,value=web key=stage,value=live'],
      },
    ],
    related: ['UntagResource', 'GetBuckets'],
  },
  UntagResource: {
    notes: [],
    examples: [
      {
        title: 'Take two tags from a bucket',
        command: ['untag-resource --resource-name photos --tag-keys team stage'],
      },
    ],
    related: ['TagResource', 'GetBuckets'],
  },
}
