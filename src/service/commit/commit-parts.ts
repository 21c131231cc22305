import type { MetadataStore } from '../../storage/metadata-store.ts'
import type { ProcessLedger } from '../blobs/process-ledger.ts'
import type { Turns } from './turns.ts'

/** What the commit engine works with, of what a process has: so that the context's own members can commit too. */
export interface CommitParts {
  readonly metadata: MetadataStore
  readonly blobLedger: ProcessLedger
  readonly turns: Turns
}
