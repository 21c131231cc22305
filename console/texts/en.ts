const count = (number: number, one: string, many: string): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`

/** Everything that the console says, in English. Another language is one more file of this shape (texts.ts). */
export const en = {
  product: 'Lugsail',
  skipToContent: 'Skip to the content',
  close: 'Close',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  download: 'Download',
  add: 'Add',
  remove: 'Remove',
  save: 'Save',
  retry: 'Try again',
  loading: 'Loading',
  more: 'More',
  all: 'All',
  none: 'None',
  never: 'never',
  optional: 'optional',
  dismiss: 'Dismiss',
  show: 'Show',
  hide: 'Hide',

  signIn: {
    title: 'Sign in',
    accessKeyId: 'Access key ID',
    secretAccessKey: 'Secret access key',
    keep: 'Keep for this tab',
    keepHint: 'A reload does not ask again. Credentials that end by themselves are kept, never the secret.',
    action: 'Sign in',
    working: 'Signing in…',
    failed: 'You are not signed in',
    whereKeys:
      'The first key pair is in the file "credentials" in the data folder of the server. Bucket keys and application keys sign in, too.',
    insecure:
      'This page came without TLS: whoever can read the network between you and the server can read what you do here. The secret itself is never sent.',
    restoring: 'Signing in again',
  },

  top: {
    search: 'Search or go to…',
    searchLabel: 'Search or go to a page, bucket or key',
    nothingFound: 'Nothing of that name',
    region: 'Region',
    allRegions: 'All regions',
    theme: { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
    signOut: 'Sign out',
    signedInAs: 'Signed in as',
    kinds: {
      account: 'the account’s own key',
      'bucket-key': 'a key of one bucket',
      'application-key': 'an application key',
      role: 'a role',
      resource: 'a resource',
    },
    account: 'Account',
    key: 'Key',
    paletteKinds: { page: 'Page', bucket: 'Bucket', key: 'Key' },
  },

  navigation: {
    account: 'Account',
    label: 'Pages',
    buckets: 'Buckets',
    keys: 'Application keys',
    activity: 'Activity',
    accounts: 'Accounts',
    health: 'Health',
    bucketPages: { objects: 'Objects', keys: 'Keys', settings: 'Settings', overview: 'Overview' },
  },

  buckets: {
    title: 'Buckets',
    create: 'Create bucket',
    name: 'Name',
    region: 'Region',
    usage: 'Stored',
    usageOf: (used: string, most: string) => `${used} of ${most}`,
    unknownUsage: 'not known',
    plan: 'Plan',
    created: 'Created',
    access: 'Access',
    public: 'Public',
    private: 'Private',
    filter: 'Find a bucket',
    actions: (name: string) => `Actions for ${name}`,
    noMatch: 'No bucket has that in its name.',
    onlyAccount: 'Buckets are made and deleted with the account’s own key.',
    empty: {
      title: 'No buckets yet',
      text: 'A bucket holds files, here called objects, and has keys of its own. Create one here, or with three commands:',
    },
    emptyForKey: {
      title: 'This key opens no bucket',
      text: 'The buckets it was made for may have been deleted. Whoever keeps the account can give it others.',
    },
  },

  createBucket: {
    title: 'Create a bucket',
    name: 'Name',
    nameHint: '3 to 54 lower-case letters, digits and hyphens. Nobody else on this server can have it.',
    nameBad:
      'A name has 3 to 54 lower-case letters, digits and hyphens, with a letter or digit at either end.',
    region: 'Region',
    regionHint: 'It never changes, and is a name only: all regions are on this server.',
    plan: 'Plan',
    planHint:
      'What it may hold, and send in a month. It can be changed once a month; nothing is blocked above it.',
    planLine: (storage: string, transfer: string) => `${storage} stored, ${transfer} sent a month`,
    versioning: 'Keep old versions of objects',
    versioningHint: 'What is overwritten or deleted can be restored, and counts as stored.',
    tags: 'Tags',
    tagKey: 'Key',
    tagValue: 'Value',
    addTag: 'Add a tag',
    removeTag: (key: string) => `Remove the tag ${key}`,
    action: (name: string) => (name === '' ? 'Create bucket' : `Create ${name}`),
    done: (name: string) => `${name} is there.`,
    failed: (name: string) => `${name} wasn’t created`,
  },

  deleteBucket: {
    title: (name: string) => `Delete ${name}`,
    menu: 'Delete…',
    text: 'The bucket, its keys and its settings are gone for good, and its name is free for others.',
    force: 'Delete the objects in it, too',
    forceHint: 'Every object, every old version and every unfinished upload.',
    confirm: (name: string) => `Type ${name} to delete it`,
    action: (name: string) => `Delete ${name}`,
    done: (name: string) => `${name} is deleted.`,
    failed: (name: string) => `${name} wasn’t deleted`,
  },

  settings: {
    title: 'Settings',
    saved: (what: string) => `${what}: saved.`,
    notSaved: (what: string) => `${what} wasn’t saved`,
    notYours: 'Public access, policy, plan, tags, access log and readers are set with the account’s own key.',
    noRight:
      'This key may not change settings: it takes the account’s own key, or one that is “full” for the bucket.',

    access: {
      title: 'Public access',
      label: 'Who may read objects without a key',
      private: 'Nobody',
      privateHint: 'Only who has a key, a share link, or was let in by the policy.',
      single: 'Single objects',
      singleHint: 'Objects that are made public one by one.',
      public: 'Everyone',
      publicHint: 'Every object, now and later.',
      says: {
        private: 'Nobody on the internet can read an object here without a key or a share link.',
        single:
          'Anyone on the internet can read the objects that are made public one by one; the others stay closed.',
        public:
          'Anyone on the internet can read every object, by its address alone. Nobody can list or change them without a key.',
      },
      action: { private: 'Make private', single: 'Let single objects be public', public: 'Make public' },
    },

    versioning: {
      title: 'Versions',
      label: 'Keep old versions',
      says: {
        NeverEnabled: 'What is overwritten or deleted is gone at once.',
        Enabled: 'What is overwritten or deleted can be restored, and counts as stored.',
        Suspended: 'Versions that are there stay; what is overwritten or deleted from now on is gone.',
      } as Readonly<Partial<Record<string, string>>>,
    },

    plan: {
      title: 'Plan',
      label: 'Plan',
      says: 'It can be changed once a month. Nothing is blocked when a bucket has more than its plan.',
    },

    tags: { title: 'Tags', none: 'Tags sort buckets: a team, a purpose, a cost centre.' },

    cors: {
      title: 'Web pages of other origins (CORS)',
      says: 'Browsers ask these rules before a page of another origin may read or write objects; the first rule that fits counts. Programs other than browsers do not ask.',
      rule: (number: number) => `Rule ${number}`,
      origins: 'Origins',
      originsHint: 'One a line, such as https://example.org. * stands for any.',
      methods: 'Methods',
      headers: 'Headers that a request may have',
      headersHint: 'One a line; * allows all.',
      expose: 'Headers that the page may read',
      age: 'Seconds for which a browser may remember this',
      addRule: 'Add a rule',
      removeRule: (number: number) => `Remove rule ${number}`,
      none: 'No rules: pages of other origins can neither read nor write here.',
    },

    lifecycle: {
      title: 'Lifecycle',
      says: 'Once a day, what is old enough is deleted.',
      none: 'No rules: objects stay until somebody deletes them.',
      rule: (number: number) => `Rule ${number}`,
      name: 'Name',
      prefix: 'Only objects whose names begin with',
      days: 'Delete objects after so many days',
      oldDays: 'Delete old versions after so many days',
      uploadDays: 'Abort unfinished uploads after so many days',
      isOn: 'The rule is on',
      addRule: 'Add a rule',
      removeRule: (number: number) => `Remove rule ${number}`,
      other: 'A rule with parts that this form does not have; it stays as it is.',
      bad: 'A rule needs at least one number of days, a whole number from 1.',
    },

    log: {
      title: 'Access log',
      label: 'Log every request',
      says: 'Requests are written as objects into a bucket of the same region, some minutes later. Activity shows them.',
      destination: 'Into the bucket',
      prefix: 'Names of the log objects begin with',
    },

    policy: {
      title: 'Bucket policy',
      says: 'Who else may do what, in the language of policies of S3. A Deny here binds every key of the bucket too.',
      label: 'Policy',
      none: 'No policy.',
      notJson: (why: string) => `This is no JSON: ${why}`,
      remove: 'Delete the policy',
      removed: 'The policy is deleted.',
      template: 'Begin with an example',
    },

    readers: {
      title: 'Accounts that may read',
      says: 'Up to ten other accounts of this server may list and read all objects, with their own keys.',
      label: 'Account ids',
      hint: 'Twelve digits, one a line.',
      bad: 'An account id has twelve digits; at most ten are let in.',
    },

    resources: {
      title: 'Resources',
      says: 'A resource, such as a machine, uses the bucket with its own credentials.',
      none: 'No resource uses this bucket.',
      name: 'Name of the resource',
      attach: 'Let it in',
      detach: (name: string) => `Shut ${name} out`,
    },
  },

  overview: {
    reach: 'How programs reach it',
    reachText:
      'Any client of S3 does, with an access key, this endpoint, the region, and buckets addressed by path.',
    endpoint: 'Endpoint',
    versioning: 'Versions',
    stored: 'Stored',
    sent: 'Sent this month',
    storedPlot: 'Stored on each of the last 30 days',
    sentPlot: 'Sent on each of the last 30 days',
    receivedPlotTitle: 'Received',
    today: 'today',
    over: (what: string) => `${what}: more than the plan has. Nothing is blocked; a larger plan fits.`,
  },

  errors: {
    what: 'That didn’t work',
    unexpected: 'This page failed',
    server: (message: string) => `The server says: ${message}`,
    request: (id: string) => `Request ${id}`,
    codes: {
      Unreachable: {
        why: 'The server does not answer.',
        todo: 'Check that it runs and that this machine reaches it, then try again. Nothing you see here is lost.',
      },
      Unreadable: {
        why: 'The server’s answer could not be understood.',
        todo: 'Try again; a proxy in between may have answered.',
      },
      UnreachableKey: {
        why: 'Browsers take “.” and “..” out of addresses, so they cannot ask for an object of this name.',
        todo: 'Rename it here, or use another client.',
      },
      SessionOver: { why: 'The session is over.', todo: 'Sign in again.' },
      ExpiredToken: { why: 'The session is over.', todo: 'Sign in again.' },
      InvalidClientTokenId: {
        why: 'This server has no such access key, or it is not active any more.',
        todo: 'Check the access key ID. It may have been rotated or deleted, or be of another server.',
      },
      UnrecognizedClientException: {
        why: 'This server has no such access key, or it is not active any more.',
        todo: 'Sign in with another key.',
      },
      InvalidAccessKeyId: {
        why: 'This server has no such access key, or it is not active any more.',
        todo: 'Sign in with another key.',
      },
      SignatureDoesNotMatch: {
        why: 'The secret does not belong to this access key.',
        todo: 'Copy the secret again, without spaces around it.',
      },
      RequestTimeTooSkewed: {
        why: 'The clock of this machine differs from the server’s by more than a quarter of an hour.',
        todo: 'Set the one that is wrong.',
      },
      AccessDenied: {
        why: 'The key you signed in with may not do this.',
        todo: 'Ask whoever keeps the account for the right.',
      },
      AccessDeniedException: {
        why: 'The key you signed in with may not do this.',
        todo: 'Sign in with the account’s own key.',
      },
      NoSuchBucket: {
        why: 'There is no such bucket any more.',
        todo: 'Somebody may have deleted it. Go back to the buckets.',
      },
      BucketNotEmpty: { why: 'It holds objects.', todo: 'Empty it first, or delete it with its objects.' },
      ServiceUnavailableException: { why: 'The server is too busy.', todo: 'Try again in a moment.' },
      ServiceUnavailable: { why: 'The server is too busy.', todo: 'Try again in a moment.' },
      SlowDown: {
        why: 'The server is too busy, or too many signatures from your address were wrong.',
        todo: 'Try again in a minute.',
      },
    } as Readonly<Partial<Record<string, { readonly why: string; readonly todo: string }>>>,
    clock: (text: string) => text,
  },

  units: {
    bytes: (number: number) => count(number, 'byte', 'bytes'),
    objects: (number: number) => count(number, 'object', 'objects'),
    buckets: (number: number) => count(number, 'bucket', 'buckets'),
  },

  table: {
    rows: (number: number) => count(number, 'row', 'rows'),
    select: (name: string) => `Select ${name}`,
    selectAll: 'Select all',
    sortBy: (name: string) => `Sort by ${name}`,
  },

  unknownPage: {
    title: 'There is no such page',
    text: 'The address may have been cut off.',
    back: 'Go to the buckets',
  },
  notYours: {
    title: 'Not with this key',
    account: 'This page is about the account, and the key you signed in with is not the account’s own.',
    server: 'This page is about all accounts of the server. Only the first account sees it.',
  },
} as const
