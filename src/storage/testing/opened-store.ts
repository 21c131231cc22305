import { after, before } from 'node:test'

/** How a suite gets at an engine. */
export interface StoreEngine<Store> {
  /** Opens an empty store; called once. */
  open(): Promise<Store>
  /** Opens the same store again, as another process would; absent when the engine cannot share. The suite closes it. */
  openAnother?(): Promise<Store>
  /** Removes what `open` made; called after the store was closed. */
  dispose?(): Promise<void>
}

/** Opens the engine's store before the tests of the suite in which this is called, and closes it after them. The store is there within tests. */
export function openedStore<Store extends { close(): Promise<void> }>(
  engine: StoreEngine<Store>,
): () => Store {
  let opened: Store | null = null
  before(async () => {
    opened = await engine.open()
  })
  after(async () => {
    await opened?.close()
    await engine.dispose?.()
  })
  return () => {
    if (!opened) throw new Error('the store is not open')
    return opened
  }
}
