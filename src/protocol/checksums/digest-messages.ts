import type { BodyDigesterOptions, BodyDigests } from './body-digester.ts'

/** What a process tells its digest thread. `body` numbers the bodies that are being digested. */
export type DigestRequest =
  | { readonly type: 'begin'; readonly body: number; readonly options: BodyDigesterOptions }
  /** `bytes` lie in shared memory; they are the thread's until it answers `used`. */
  | { readonly type: 'update'; readonly body: number; readonly bytes: Uint8Array }
  | { readonly type: 'finish'; readonly body: number }
  /** The body ended early: nobody wants its digests. */
  | { readonly type: 'drop'; readonly body: number }

/** What the thread answers: one `used` for each `update`, one `finished` for each `finish`. */
export type DigestResponse =
  | { readonly type: 'used'; readonly body: number }
  | { readonly type: 'finished'; readonly body: number; readonly digests: BodyDigests }
