import { useState, type ReactNode } from 'react'
import { textOf, writeXml } from '../../api/s3/xml.ts'
import { putBucketDocument, useBucketDocument } from '../../data/bucket-documents.ts'
import { Switch } from '../../parts/fields.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { SettingForm } from './setting-form.tsx'

const words = texts.settings.versioning

interface Props {
  readonly bucket: string
  readonly region: string
}

/** Whether old versions are kept. */
export function VersioningSetting({ bucket, region }: Props): ReactNode {
  const place = { bucket, region, name: 'versioning' } as const
  const found = useBucketDocument(place)
  if (found.isError) return <ErrorNote error={found.error} what={words.title} />
  if (found.data === undefined) return null
  const now = (found.data && textOf(found.data, 'Status')) ?? 'NeverEnabled'
  return <Loaded key={now} now={now} {...{ bucket, region }} />
}

function Loaded({ bucket, region, now }: Props & { readonly now: string }): ReactNode {
  const { session } = useSession()
  const [isOn, setIsOn] = useState(now === 'Enabled')
  return (
    <SettingForm
      id="versioning"
      title={words.title}
      says={words.says[now] ?? now}
      bucket={bucket}
      isChanged={isOn !== (now === 'Enabled')}
      onSave={() =>
        putBucketDocument(
          session,
          { bucket, region, name: 'versioning' },
          writeXml('VersioningConfiguration', { Status: isOn ? 'Enabled' : 'Suspended' }),
        )
      }
    >
      <Switch isSelected={isOn} onChange={setIsOn}>
        {words.label}
      </Switch>
    </SettingForm>
  )
}
