import { Fragment, type ReactNode } from 'react'
import { Link } from 'react-aria-components'
import { texts } from '../../texts/texts.ts'
import { folderPlace } from './folder-view.ts'
import { shownName } from '../../parts/shown-name.ts'

/** Where one is: the bucket and the folders down to this one, each a link. */
export function Crumbs({ bucket, prefix }: { readonly bucket: string; readonly prefix: string }): ReactNode {
  const parts = prefix === '' ? [] : prefix.slice(0, -1).split('/')
  const crumbs = parts.map((name, at) => ({ name, prefix: `${parts.slice(0, at + 1).join('/')}/` }))
  return (
    <nav aria-label={texts.objects.folders} className="crumbs">
      <h1>
        {crumbs.length === 0 ? (
          <span aria-current="page">{bucket}</span>
        ) : (
          <Link href={folderPlace(bucket, {})}>{bucket}</Link>
        )}
        {crumbs.map((crumb, at) => (
          <Fragment key={crumb.prefix}>
            <span className="muted" aria-hidden>
              {' / '}
            </span>
            {at === crumbs.length - 1 ? (
              <bdi aria-current="page">{labelOf(crumb.name)}</bdi>
            ) : (
              <Link href={folderPlace(bucket, { prefix: crumb.prefix })}>
                <bdi>{labelOf(crumb.name)}</bdi>
              </Link>
            )}
          </Fragment>
        ))}
      </h1>
    </nav>
  )
}

const labelOf = (name: string): string => (name === '' ? texts.objects.nameless : shownName(name))
