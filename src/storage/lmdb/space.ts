import type { StoreSpace } from '../metadata-store.ts'
import type { Environment, OpenedEnvironment } from './environment.ts'

/** Pages that say which state counts. */
const META_PAGES = 2

/** Room in pages that were freed and are written anew before the file grows. */
export function freePageBytes(environment: Environment): number {
  const { lastPageNumber, pageSize } = statsOf(environment)
  return Math.max(0, lastPageNumber + 1 - usedPages(environment)) * pageSize
}

interface TreeStats {
  readonly treeBranchPageCount: number
  readonly treeLeafPageCount: number
  readonly overflowPages: number
}

interface FileStats {
  readonly root: TreeStats
  readonly free: TreeStats
  readonly lastPageNumber: number
  readonly pageSize: number
}

const pagesOf = ({ treeBranchPageCount, treeLeafPageCount, overflowPages }: TreeStats): number =>
  treeBranchPageCount + treeLeafPageCount + overflowPages

/** How long the file is, and how much of that is no page in use. */
export function spaceOf({ environment, file }: OpenedEnvironment): StoreSpace {
  const { pageSize } = statsOf(environment)
  return { fileBytes: file.bytes, freeBytes: Math.max(0, file.bytes - usedPages(environment) * pageSize) }
}

const statsOf = (environment: Environment): FileStats => environment.getStats() as unknown as FileStats

function usedPages(environment: Environment): number {
  const { root, free } = statsOf(environment)
  return META_PAGES + pagesOf(root) + pagesOf(free)
}
