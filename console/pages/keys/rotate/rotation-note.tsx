import type { ReactNode } from 'react'
import { Link } from 'react-aria-components'
import type { Key } from '../../../data/keys.ts'
import { Note } from '../../../parts/notes.tsx'
import { Time } from '../../../parts/values.tsx'
import { texts } from '../../../texts/texts.ts'
import { rotationPlace, type KeyPlaces } from '../key-places.ts'

const words = texts.keys.rotate

/** Says of a key that its rotation is not over. */
export function RotationNote({
  found,
  places,
}: {
  readonly found: Key
  readonly places: KeyPlaces
}): ReactNode {
  const { retiringKey } = found
  if (!retiringKey) return null
  return (
    <Note>
      <p>
        {retiringKey.retiredAt === undefined ? words.made : words.stopped}{' '}
        <Time value={retiringKey.retiredAt ?? retiringKey.since} />.{' '}
        <Link href={rotationPlace(places)}>{words.goOn}</Link>
      </p>
    </Note>
  )
}
