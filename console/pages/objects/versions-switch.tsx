import type { ReactNode } from 'react'
import type { BucketAddress } from '../../api/s3/list-objects.ts'
import { useVersioning } from '../../data/objects.ts'
import { Switch } from '../../parts/fields.tsx'
import { texts } from '../../texts/texts.ts'

const words = texts.objects.versions

/** Shows earlier versions and what was deleted; where the bucket keeps none, a line says so. */
export function VersionsSwitch({
  address,
  isOn,
  onChange,
}: {
  readonly address: BucketAddress
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}): ReactNode {
  const versioning = useVersioning(address)
  return (
    <div className="versions-switch">
      {isOn && versioning.data === null && <span className="muted">{words.neverKept}</span>}
      {isOn && versioning.data === 'Suspended' && <span className="muted">{words.suspended}</span>}
      <Switch isSelected={isOn} onChange={onChange}>
        {words.show}
      </Switch>
    </div>
  )
}
