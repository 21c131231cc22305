import { useState, type ReactNode } from 'react'
import type { Bucket } from '../../data/buckets.ts'
import { ChoiceCards } from '../../parts/fields.tsx'
import { Note } from '../../parts/notes.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { SettingForm } from './setting-form.tsx'
import type { AccountSettingProps } from './setting-props.ts'

const words = texts.settings.access

type Access = 'private' | 'single' | 'public'

const accessOf = ({ accessRules }: Bucket): Access => {
  if (accessRules?.getObject === 'public') return 'public'
  return accessRules?.allowPublicOverrides === true ? 'single' : 'private'
}

/** Who may read objects without a key, with a sentence of what follows. */
export function AccessSetting({ bucket }: AccountSettingProps): ReactNode {
  const now = accessOf(bucket)
  const [access, setAccess] = useState<Access>(now)
  const operation = useOperation()
  return (
    <SettingForm
      id="access"
      title={words.title}
      says={words.says[now]}
      bucket={bucket.name}
      isChanged={access !== now}
      action={words.action[access]}
      onSave={async () => {
        await operation(
          'UpdateBucket',
          {
            bucketName: bucket.name,
            accessRules: {
              getObject: access === 'public' ? 'public' : 'private',
              allowPublicOverrides: access !== 'private',
            },
          },
          { region: bucket.region },
        )
      }}
    >
      <ChoiceCards
        label={words.label}
        value={access}
        onChange={setAccess}
        options={(['private', 'single', 'public'] as const).map((value) => ({
          value,
          label: words[value],
          hint: words[`${value}Hint`],
        }))}
      />
      {access !== now && (
        <Note kind={access === 'private' ? 'info' : 'warning'}>
          <p>{words.says[access]}</p>
        </Note>
      )}
    </SettingForm>
  )
}
