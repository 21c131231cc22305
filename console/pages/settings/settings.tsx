import { useEffect, type ReactNode } from 'react'
import { useBucket } from '../../data/buckets.ts'
import { ErrorNote, Note, Skeleton } from '../../parts/notes.tsx'
import { useMay } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import type { BucketPageProps } from '../page-props.ts'
import { AccessLogSetting } from './access-log.tsx'
import { AccessSetting } from './access.tsx'
import { CorsSetting } from './cors.tsx'
import { LifecycleSetting } from './lifecycle.tsx'
import { PlanSetting } from './plan.tsx'
import { PolicySetting } from './policy.tsx'
import { ReadersSetting } from './readers.tsx'
import { ResourcesSetting } from './resources.tsx'
import { TagsSetting } from './tags.tsx'
import { VersioningSetting } from './versioning.tsx'

const words = texts.settings

/** All settings of a bucket that the key at hand may change. */
export function BucketSettings({ bucket, region }: BucketPageProps): ReactNode {
  const may = useMay()
  const isAccount = may('manage-account')
  const found = useBucket(bucket, region, isAccount)
  const isThere = !isAccount || found.data !== undefined
  // An address may name one of them.
  useEffect(() => {
    if (isThere && location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView()
  }, [isThere])
  if (!may('set-up-bucket') && !isAccount)
    return (
      <>
        <Head />
        <Note>
          <p>{words.noRight}</p>
        </Note>
      </>
    )
  if (found.isError) return <ErrorNote error={found.error} onRetry={() => void found.refetch()} />
  if (!isThere) return <Skeleton width={60} lines={8} />
  const { data } = found
  return (
    <>
      <Head />
      <div className="stack settings">
        {!isAccount && (
          <Note>
            <p>{words.notYours}</p>
          </Note>
        )}
        {data && <AccessSetting bucket={data} key={data.accessRules?.getObject} />}
        <VersioningSetting bucket={bucket} region={region} />
        {data && <PlanSetting bucket={data} />}
        {data && <TagsSetting bucket={data} key={JSON.stringify(data.tags)} />}
        <LifecycleSetting bucket={bucket} region={region} />
        <CorsSetting bucket={bucket} region={region} />
        {data && <AccessLogSetting bucket={data} />}
        {data && <PolicySetting bucket={data} />}
        {data && <ReadersSetting bucket={data} />}
        {data && <ResourcesSetting bucket={data} />}
      </div>
    </>
  )
}

const Head = (): ReactNode => (
  <header className="page-head">
    <h1>{words.title}</h1>
  </header>
)
