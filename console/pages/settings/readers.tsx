import { useState, type ReactNode } from 'react'
import { TextField } from '../../parts/fields.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { linesOf } from './lines.ts'
import { SettingForm } from './setting-form.tsx'
import type { AccountSettingProps } from './setting-props.ts'

const words = texts.settings.readers
const READERS_MAX = 10

/** The other accounts that may read. */
export function ReadersSetting({ bucket }: AccountSettingProps): ReactNode {
  const now = (bucket.readonlyAccessAccounts ?? []).join('\n')
  const [text, setText] = useState(now)
  const operation = useOperation()
  const accounts = linesOf(text)
  const isBad = accounts.length > READERS_MAX || accounts.some((id) => !/^\d{12}$/.test(id))
  return (
    <SettingForm
      id="readers"
      title={words.title}
      says={words.says}
      bucket={bucket.name}
      isChanged={accounts.join('\n') !== now}
      isRefused={isBad}
      onSave={async () => {
        await operation(
          'UpdateBucket',
          { bucketName: bucket.name, readonlyAccessAccounts: accounts },
          { region: bucket.region },
        )
      }}
    >
      <TextField
        label={words.label}
        hint={words.hint}
        value={text}
        onChange={setText}
        rows={3}
        isCode
        error={isBad ? words.bad : null}
      />
    </SettingForm>
  )
}
