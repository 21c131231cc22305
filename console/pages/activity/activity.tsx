import type { ReactNode } from 'react'
import { PageHead } from '../../parts/page-head.tsx'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { texts } from '../../texts/texts.ts'
import { accountPlace } from '../../routing/places.ts'
import { navigate } from '../../routing/router.tsx'
import type { AccountPageProps } from '../page-props.ts'
import { useMay } from '../../session/session-context.tsx'
import { Audit } from './audit.tsx'
import { Changes } from './changes.tsx'
import { Requests } from './requests.tsx'

const words = texts.activity
const VIEWS = ['changes', 'requests', 'audit'] as const

/** What happened in the account: changes by their records, requests by the access logs. */
export function Activity({ rest }: AccountPageProps): ReactNode {
  const may = useMay()
  // The audit log is the whole server's.
  const views = VIEWS.filter((each) => each !== 'audit' || may('manage-server'))
  const view = views.find((each) => each === rest[0]) ?? 'changes'
  return (
    <>
      <PageHead title={words.title} />
      <Tabs
        className="tabs"
        selectedKey={view}
        onSelectionChange={(key) => navigate(accountPlace('activity', String(key)))}
      >
        <TabList className="tab-list" aria-label={words.title}>
          {views.map((each) => (
            <Tab key={each} id={each} className="tab">
              {words.views[each]}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="changes" className="tab-panel">
          <Changes />
        </TabPanel>
        <TabPanel id="requests" className="tab-panel">
          <Requests bucketName={rest[1]} />
        </TabPanel>
        {views.includes('audit') && (
          <TabPanel id="audit" className="tab-panel">
            <Audit />
          </TabPanel>
        )}
      </Tabs>
    </>
  )
}
