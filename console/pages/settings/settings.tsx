import { useEffect, type ReactNode } from 'react'
import { useBucket } from '../../data/buckets.ts'
import { ErrorNote, Note, Skeleton } from '../../parts/notes.tsx'
import { PageHead } from '../../parts/page-head.tsx'
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
        <PageHead title={words.titleOf(bucket)} />
        <Note>
          <p>{words.noRight}</p>
        </Note>
      </>
    )
  if (found.isError) return <ErrorNote error={found.error} onRetry={() => void found.refetch()} />
  if (!isThere) return <Skeleton width={60} lines={8} />
  const { data } = found
  const at = { bucket, region }
  const sections: readonly (readonly [id: string, title: string, form: ReactNode])[] = [
    ...(data
      ? [
          [
            'access',
            words.access.title,
            <AccessSetting bucket={data} key={`access ${data.accessRules?.getObject}`} />,
          ] as const,
        ]
      : []),
    ['versioning', words.versioning.title, <VersioningSetting {...at} key="versioning" />],
    ...(data
      ? ([
          ['plan', words.plan.title, <PlanSetting bucket={data} key="plan" />],
          ['tags', words.tags.title, <TagsSetting bucket={data} key={`tags ${JSON.stringify(data.tags)}`} />],
        ] as const)
      : []),
    ['lifecycle', words.lifecycle.title, <LifecycleSetting {...at} key="lifecycle" />],
    ['cors', words.cors.title, <CorsSetting {...at} key="cors" />],
    ...(data
      ? ([
          ['access-log', words.log.title, <AccessLogSetting bucket={data} key="access-log" />],
          ['policy', words.policy.title, <PolicySetting bucket={data} key="policy" />],
          ['readers', words.readers.title, <ReadersSetting bucket={data} key="readers" />],
          ['resources', words.resources.title, <ResourcesSetting bucket={data} key="resources" />],
        ] as const)
      : []),
  ]
  return (
    <>
      <PageHead title={words.titleOf(bucket)} />
      <div className="settings-page">
        <div className="stack settings">
          {!isAccount && (
            <Note>
              <p>{words.notYours}</p>
            </Note>
          )}
          {sections.map(([, , form]) => form)}
        </div>
        <nav className="settings-index" aria-label={words.index}>
          {sections.map(([id, title]) => (
            <a
              key={id}
              href={`#${id}`}
              onClick={(event) => {
                event.preventDefault()
                history.replaceState(history.state, '', `#${id}`)
                const section = document.getElementById(id)
                section?.scrollIntoView()
                section?.focus({ preventScroll: true })
              }}
            >
              {title}
            </a>
          ))}
        </nav>
      </div>
    </>
  )
}
