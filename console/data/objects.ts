import { useInfiniteQuery, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { headObject, type ObjectFacts } from '../api/s3/head-object.ts'
import { listObjects, type BucketAddress, type ListedObject } from '../api/s3/list-objects.ts'
import { listVersions, type ListedVersion } from '../api/s3/list-versions.ts'
import { getTags, getVersioning, type ObjectAddress, type Tags } from '../api/s3/objects.ts'
import { useSession } from '../session/session-context.tsx'

/** Begins the key of every query about a bucket's objects; its name is the second part. */
export const OBJECTS = 'objects'
const FOLDER_STALE_MS = 30_000
const DELIMITER = '/'

interface FolderPage {
  readonly folders: readonly string[]
  readonly objects: readonly ListedObject[]
  readonly versions: readonly ListedVersion[]
  readonly nextToken: string | null
}

/** What is loaded of a folder. */
export interface Folder extends Omit<FolderPage, 'nextToken'> {
  readonly isPending: boolean
  readonly error: Error | null
  readonly hasMore: boolean
  readonly loadMore: () => void
  readonly retry: () => void
}

/** What lies in a folder, by name, a page after the other: objects or all their versions, and what is deeper as folders. */
export function useFolder(
  { bucket, region }: BucketAddress,
  {
    prefix,
    withVersions,
    isAsked,
  }: { readonly prefix: string; readonly withVersions: boolean; readonly isAsked: boolean },
): Folder {
  const { session } = useSession()
  const query = useInfiniteQuery({
    queryKey: [OBJECTS, bucket, 'folder', prefix, withVersions],
    enabled: isAsked,
    staleTime: FOLDER_STALE_MS,
    refetchOnWindowFocus: false,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam: token, signal }): Promise<FolderPage> => {
      const asked = { prefix, delimiter: DELIMITER, token, signal }
      return withVersions
        ? { ...(await listVersions(session, { bucket, region }, asked)), objects: [] }
        : { ...(await listObjects(session, { bucket, region }, asked)), versions: [] }
    },
    getNextPageParam: ({ nextToken }) => nextToken,
  })
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query
  const loaded = useMemo(() => {
    const pages = data?.pages ?? []
    return {
      folders: pages.flatMap(({ folders }) => folders),
      objects: pages.flatMap(({ objects }) => objects),
      versions: pages.flatMap(({ versions }) => versions),
    }
  }, [data])
  return {
    ...loaded,
    isPending: isAsked && data === undefined && error === null,
    error,
    hasMore: hasNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
    retry: () => void refetch(),
  }
}

const ofObject = (name: string, { bucket, key, versionId }: ObjectAddress): readonly unknown[] => [
  OBJECTS,
  bucket,
  name,
  key,
  versionId ?? null,
]

/** What the server tells of an object besides its bytes. */
export function useObject(address: ObjectAddress): UseQueryResult<ObjectFacts> {
  const { session } = useSession()
  return useQuery({
    queryKey: ofObject('facts', address),
    queryFn: ({ signal }) => headObject(session, address, signal),
  })
}

/** The tags of an object. */
export function useTags(address: ObjectAddress): UseQueryResult<Tags> {
  const { session } = useSession()
  return useQuery({
    queryKey: ofObject('tags', address),
    queryFn: ({ signal }) => getTags(session, address, signal),
  })
}

/** Whether a bucket keeps versions: `Enabled`, `Suspended`, or null where it never did. */
export function useVersioning({ bucket, region }: BucketAddress): UseQueryResult<string | null> {
  const { session } = useSession()
  return useQuery({
    queryKey: [OBJECTS, bucket, 'versioning'],
    staleTime: FOLDER_STALE_MS,
    queryFn: ({ signal }) => getVersioning(session, { bucket, region }, signal),
  })
}

/** Has all that is shown of a bucket's objects fetched anew. */
export function useRefreshObjects(bucket: string): () => Promise<void> {
  const queries = useQueryClient()
  return useCallback(() => queries.invalidateQueries({ queryKey: [OBJECTS, bucket] }), [queries, bucket])
}
