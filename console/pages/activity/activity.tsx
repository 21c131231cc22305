import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { Note } from '../../parts/notes.tsx'
import { texts } from '../../texts/texts.ts'
import { accountPlace } from '../../routing/places.ts'
import { navigate } from '../../routing/router.tsx'
import type { AccountPageProps } from '../page-props.ts'
import { Changes } from './changes.tsx'
import { Requests } from './requests.tsx'

const words = texts.activity
const VIEWS = ['changes', 'requests', 'audit'] as const

/** What happened in the account: changes by their records, requests by the access logs. */
export function Activity({ rest }: AccountPageProps): ReactNode {
  const view = VIEWS.find((each) => each === rest[0]) ?? 'changes'
  return (
    <>
      <header className="page-head">
        <h1>{words.title}</h1>
      </header>
      <Tabs
        className="tabs"
        selectedKey={view}
        onSelectionChange={(key) => navigate(accountPlace('activity', String(key)))}
      >
        <TabList className="tab-list" aria-label={words.title}>
          {VIEWS.map((each) => (
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
        <TabPanel id="audit" className="tab-panel">
          <Note>
            <p>{words.audit}</p>
          </Note>
        </TabPanel>
      </Tabs>
    </>
  )
}
