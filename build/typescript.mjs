// Lets Node run the TypeScript sources, in worker threads too: node --import ./build/typescript.mjs FILE.ts
import { register } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import 'tsx'

// tsx registers itself in the main thread only, and Node 20 hands its hooks to no other.
if (!isMainThread) register('tsx/esm', import.meta.url, { data: true })
