import { useState, type ReactNode } from 'react'
import { useSeenBuckets } from '../../data/buckets.ts'
import { SelectField, Switch, TextField } from '../../parts/fields.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { SettingForm } from './setting-form.tsx'
import type { AccountSettingProps } from './setting-props.ts'

const words = texts.settings.log

/** Whether and where requests are logged. */
export function AccessLogSetting({ bucket }: AccountSettingProps): ReactNode {
  const now = bucket.accessLogConfig
  const [isOn, setIsOn] = useState(now?.enabled === true)
  const seen = useSeenBuckets()
  const places = (seen.data ?? []).filter(({ region }) => region === bucket.region).map(({ name }) => name)
  const [chosen, setChosen] = useState(now?.destination ?? null)
  const destination = chosen ?? places.find((name) => name !== bucket.name) ?? bucket.name
  const [prefix, setPrefix] = useState(now?.prefix ?? `${bucket.name}/`)
  const operation = useOperation()
  const isChanged =
    isOn !== (now?.enabled === true) ||
    (isOn && (destination !== now?.destination || prefix !== (now.prefix ?? '')))
  return (
    <SettingForm
      id="access-log"
      title={words.title}
      says={words.says}
      bucket={bucket.name}
      isChanged={isChanged}
      onSave={async () => {
        await operation(
          'UpdateBucket',
          {
            bucketName: bucket.name,
            accessLogConfig: isOn
              ? { enabled: true, destination, ...(prefix !== '' && { prefix }) }
              : { enabled: false },
          },
          { region: bucket.region },
        )
      }}
    >
      <Switch isSelected={isOn} onChange={setIsOn}>
        {words.label}
      </Switch>
      {isOn && (
        <>
          <SelectField
            label={words.destination}
            value={destination}
            onChange={setChosen}
            options={places.map((name) => ({ value: name, label: name }))}
          />
          <TextField label={words.prefix} value={prefix} onChange={setPrefix} isCode />
        </>
      )}
    </SettingForm>
  )
}
