/** How the addresses of an engine look, and what one tells. */
export interface AddressForm {
  /** As messages and documentation show it. */
  readonly shown: string
  readonly pattern: RegExp
  /** Behind the scheme stands a folder of this machine, in which its files are. */
  readonly namesFolder?: true
  /** Processes on several machines may work on it at once. */
  readonly isSharedByMachines?: true
}

/** The engines for metadata, by the schemes of their addresses; `server/engines.ts` opens them. */
export const METADATA_ADDRESSES = {
  lmdb: { shown: 'lmdb:PATH', pattern: /^lmdb:.+$/, namesFolder: true },
  memory: { shown: 'memory:', pattern: /^memory:$/ },
  postgres: {
    shown: 'postgres://USER@HOST/DATABASE',
    pattern: /^postgres(?:ql)?:\/\/.+$/,
    isSharedByMachines: true,
  },
} as const satisfies Readonly<Record<string, AddressForm>>

/** The engines for blobs, likewise. */
export const BLOB_ADDRESSES = {
  files: { shown: 'files:PATH', pattern: /^files:.+$/, namesFolder: true },
  memory: { shown: 'memory:', pattern: /^memory:$/ },
  s3: { shown: 's3://BUCKET?endpoint=URL&region=NAME', pattern: /^s3:\/\/.+$/ },
} as const satisfies Readonly<Record<string, AddressForm>>

const FORMS: ReadonlyMap<string, AddressForm> = new Map(
  Object.entries({ ...METADATA_ADDRESSES, ...BLOB_ADDRESSES }),
)

/** The name of an address's engine, as the tables above have it. */
export const schemeOf = (address: string): string =>
  address.slice(0, address.indexOf(':')).replace(/^postgresql$/, 'postgres')

/** What an address tells by its scheme; undefined where it is of no engine. */
export const addressFormOf = (address: string): AddressForm | undefined => FORMS.get(schemeOf(address))
