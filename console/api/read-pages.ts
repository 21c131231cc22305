interface Page<T> {
  readonly items: readonly T[] | undefined
  readonly nextPageToken: string | undefined
}

/** Reads a list page by page, at most so many pages; `hasMore`: there are others. */
export async function readPages<T>(
  pagesMax: number,
  read: (pageToken: string | undefined) => Promise<Page<T>>,
): Promise<{ readonly items: readonly T[]; readonly hasMore: boolean }> {
  const all: T[] = []
  let pageToken: string | undefined
  for (let page = 0; page < pagesMax; page++) {
    const { items = [], nextPageToken } = await read(pageToken)
    all.push(...items)
    pageToken = nextPageToken
    if (pageToken === undefined) break
  }
  return { items: all, hasMore: pageToken !== undefined }
}
