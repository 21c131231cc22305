import { useState, type ReactNode } from 'react'
import { useBundles } from '../../data/bundles.ts'
import { SelectField } from '../../parts/fields.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { planOption } from '../buckets/plan-option.ts'
import { SettingForm } from './setting-form.tsx'
import type { AccountSettingProps } from './setting-props.ts'

const words = texts.settings.plan

/** The plan of the bucket. */
export function PlanSetting({ bucket }: AccountSettingProps): ReactNode {
  const now = bucket.bundleId ?? ''
  const [bundleId, setBundleId] = useState(now)
  const bundles = useBundles()
  const operation = useOperation()
  return (
    <SettingForm
      id="plan"
      title={words.title}
      says={words.says}
      bucket={bucket.name}
      isChanged={bundleId !== now}
      onSave={async () => {
        await operation(
          'UpdateBucketBundle',
          { bucketName: bucket.name, bundleId },
          { region: bucket.region },
        )
      }}
    >
      <SelectField
        label={words.label}
        value={bundleId}
        onChange={setBundleId}
        options={bundles.data?.map(planOption) ?? [{ value: now, label: texts.loading }]}
      />
    </SettingForm>
  )
}
