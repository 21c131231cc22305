import { BLOB_ADDRESSES, METADATA_ADDRESSES, type AddressForm } from '../engine-addresses.ts'
import { DATA_FOLDER_DEFAULT } from '../../../base/data-folder.ts'
import { integer, text } from '../setting.ts'

/** Any address of these forms, in words and as a pattern. */
function addressOf(forms: Readonly<Record<string, AddressForm>>): {
  readonly allowed: string
  readonly pattern: RegExp
} {
  const all = Object.values(forms)
  const [last = '', ...others] = all.map(({ shown }) => shown).toReversed()
  return {
    allowed: `${others.toReversed().join(', ')} or ${last}`,
    pattern: new RegExp(all.map(({ pattern }) => pattern.source).join('|')),
  }
}

/** Where records and bytes are kept, and what disks are left. */
export const storageSettings = {
  data: text({
    group: 'Storage',
    option: 'data',
    placeholder: 'DIR',
    allowed: 'the path of a folder',
    default: DATA_FOLDER_DEFAULT,
    doc: 'Folder of this server: `credentials` (the root key pair), `master.key`, and `store/` with all data of the embedded engines. Made when missing.',
  }),
  metadata: text({
    group: 'Storage',
    option: 'metadata',
    placeholder: 'URL',
    ...addressOf(METADATA_ADDRESSES),
    default: null,
    defaultText: '`lmdb:DIR/store/metadata`',
    isSecret: true,
    doc: 'Engine that keeps buckets, keys and object records. Put a password into the environment or the file, not on the command line.',
  }),
  blobs: text({
    group: 'Storage',
    option: 'blobs',
    placeholder: 'URL',
    ...addressOf(BLOB_ADDRESSES),
    default: null,
    defaultText: '`files:DIR/store/blobs`; `memory:` when `metadata` is `memory:`',
    isSecret: true,
    doc: 'Engine that keeps the bytes of larger objects.',
  }),
  inlineBytesMax: integer({
    group: 'Storage',
    option: 'inline-bytes-max',
    min: 0,
    max: 1024 * 1024,
    default: 64 * 1024,
    doc: 'Object bodies up to this many bytes are kept in the metadata store, which saves a file and its two synchronisations each.',
  }),
  diskReserveBytes: integer({
    group: 'Storage',
    option: 'disk-reserve-bytes',
    min: 0,
    max: 1024 ** 4,
    default: 64 * 1024 * 1024,
    doc: 'Room on the disk of the embedded metadata that nothing new may take: on a full disk, deleting needs it. At most a sixteenth of the disk. 0: none.',
  }),
  diskLowBytes: integer({
    group: 'Storage',
    option: 'disk-low-bytes',
    min: 0,
    max: 1024 ** 5,
    default: 1024 ** 3,
    doc: 'A disk of the embedded engines with less room than this, and less than a twentieth of it, is called low by `/-/ready`, by the log and by `lugsail_disk_low`. What is deleted then makes room at once.',
  }),
} as const
