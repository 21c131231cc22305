import { useState, type ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useBucket } from '../../data/buckets.ts'
import { useBundles } from '../../data/bundles.ts'
import { Button } from '../../parts/button.tsx'
import { CopyField, Snippet } from '../../parts/copying.tsx'
import { ErrorNote, Skeleton } from '../../parts/notes.tsx'
import { Time } from '../../parts/values.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { useMay } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { DeleteBucket } from '../buckets/delete-bucket.tsx'
import type { BucketPageProps } from '../page-props.ts'
import { endpointSnippets } from './snippets.ts'
import { UsagePlots } from './usage-plots.tsx'

const words = texts.overview

/** What a bucket is, and how programs reach it. */
export function Overview({ bucket, region }: BucketPageProps): ReactNode {
  const may = useMay()
  const isAccount = may('manage-account')
  const [isDeleting, setIsDeleting] = useState(false)
  return (
    <>
      <PageHead title={bucket}>
        {isAccount && <Button onPress={() => setIsDeleting(true)}>{texts.deleteBucket.menu}</Button>}
      </PageHead>
      <div className="stack">
        {isAccount && <Facts bucket={bucket} region={region} />}
        {isAccount && <UsagePlots bucket={bucket} region={region} />}
        <section className="stack-tight">
          <h2>{words.reach}</h2>
          <p className="muted">{words.reachText}</p>
          <dl className="facts">
            <dt>{words.endpoint}</dt>
            <dd>
              <CopyField text={location.origin} label={words.endpoint} />
            </dd>
            <dt>{texts.buckets.region}</dt>
            <dd>
              <CopyField text={region} label={texts.buckets.region} />
            </dd>
          </dl>
          <Programs bucket={bucket} region={region} />
        </section>
      </div>
      {isDeleting && <DeleteBucket bucket={bucket} region={region} onClose={() => setIsDeleting(false)} />}
    </>
  )
}

function Facts({ bucket, region }: Pick<BucketPageProps, 'bucket' | 'region'>): ReactNode {
  const found = useBucket(bucket, region)
  const bundles = useBundles()
  if (found.isError) return <ErrorNote error={found.error} onRetry={() => void found.refetch()} />
  const { data } = found
  if (!data) return <Skeleton width={50} lines={4} />
  const plan = bundles.data?.find(({ bundleId }) => bundleId === data.bundleId)?.name ?? data.bundleId
  return (
    <dl className="facts-strip card">
      <div>
        <dt>{texts.buckets.plan}</dt>
        <dd>{plan}</dd>
      </div>
      <div>
        <dt>{texts.buckets.access}</dt>
        <dd>{data.accessRules?.getObject === 'public' ? texts.buckets.public : texts.buckets.private}</dd>
      </div>
      <div>
        <dt>{words.versioning}</dt>
        <dd>{words.versions[data.objectVersioning ?? ''] ?? data.objectVersioning}</dd>
      </div>
      <div>
        <dt>{texts.buckets.created}</dt>
        <dd>
          <Time value={data.createdAt} />
        </dd>
      </div>
    </dl>
  )
}

const Programs = ({ bucket, region }: Pick<BucketPageProps, 'bucket' | 'region'>): ReactNode => {
  const snippets = endpointSnippets({ endpoint: location.origin, bucket, region })
  return (
    <Tabs className="tabs">
      <TabList className="tab-list" aria-label={words.reach}>
        {snippets.map(({ id, title }) => (
          <Tab key={id} id={id} className="tab">
            {title}
          </Tab>
        ))}
      </TabList>
      {snippets.map(({ id, title, text }) => (
        <TabPanel key={id} id={id} className="tab-panel">
          <Snippet text={text} label={title} />
        </TabPanel>
      ))}
    </Tabs>
  )
}
