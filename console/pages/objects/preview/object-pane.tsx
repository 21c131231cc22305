import { ChevronLeft, ChevronRight, Download, Lock, Pencil, Share2, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ObjectFacts } from '../../../api/s3/head-object.ts'
import type { ObjectAddress } from '../../../api/s3/objects.ts'
import { useObject, useTags } from '../../../data/objects.ts'
import { Button } from '../../../parts/button.tsx'
import { CopyField } from '../../../parts/copying.tsx'
import { ErrorNote, Note, Skeleton } from '../../../parts/notes.tsx'
import { Bytes, Time } from '../../../parts/values.tsx'
import { useMay } from '../../../session/session-context.tsx'
import { texts } from '../../../texts/texts.ts'
import { baseName, shownName } from '../../../parts/shown-name.ts'
import { Preview } from './preview.tsx'

const words = texts.objects.pane

interface ObjectPaneProps {
  readonly address: ObjectAddress
  readonly onClose: () => void
  /** To the line before or after; null where there is none. */
  readonly onPrevious: (() => void) | null
  readonly onNext: (() => void) | null
  readonly onDownload: () => void
  readonly onShare: (() => void) | null
  readonly onEdit: (() => void) | null
  /** Whether what it stands in has the name and the way out. */
  readonly isInSheet: boolean
}

/** An object beside the list: what it looks like, and what is known of it. */
export function ObjectPane(props: ObjectPaneProps): ReactNode {
  const { address, onClose, onPrevious, onNext, onDownload, onShare, onEdit, isInSheet } = props
  const facts = useObject(address)
  const may = useMay()
  return (
    <div className="pane">
      <div className="pane-head">
        {!isInSheet && (
          <h2>
            <bdi>{shownName(baseName(address.key))}</bdi>
          </h2>
        )}
        <Button
          weight="icon"
          aria-label={words.previous}
          isDisabled={!onPrevious}
          onPress={() => onPrevious?.()}
        >
          <ChevronLeft aria-hidden />
        </Button>
        <Button weight="icon" aria-label={words.next} isDisabled={!onNext} onPress={() => onNext?.()}>
          <ChevronRight aria-hidden />
        </Button>
        {!isInSheet && (
          <Button weight="icon" aria-label={words.close} onPress={onClose}>
            <X aria-hidden />
          </Button>
        )}
      </div>
      <div className="pane-body">
        {facts.isError ? (
          <ErrorNote what={words.failed} error={facts.error} />
        ) : facts.data ? (
          <>
            <Preview key={`${address.key} ${address.versionId ?? ''}`} address={address} facts={facts.data} />
            <div className="row">
              {may('read') && (
                <Button onPress={onDownload}>
                  <Download aria-hidden />
                  {texts.download}
                </Button>
              )}
              {onShare && (
                <Button onPress={onShare}>
                  <Share2 aria-hidden />
                  {words.share}
                </Button>
              )}
              {onEdit && (
                <Button onPress={onEdit}>
                  <Pencil aria-hidden />
                  {words.edit}
                </Button>
              )}
            </div>
            <Facts address={address} facts={facts.data} />
          </>
        ) : (
          <Skeleton width={40} lines={8} />
        )}
      </div>
    </div>
  )
}

function Facts({
  address,
  facts,
}: {
  readonly address: ObjectAddress
  readonly facts: ObjectFacts
}): ReactNode {
  const tags = useTags(address)
  const { retention, hasLegalHold } = facts
  return (
    <>
      {(retention !== null || hasLegalHold) && (
        <Note kind="warning">
          <p>
            <Lock className="icon" aria-hidden /> {words.locked}
          </p>
          {retention && (
            <p>
              {words.retention(retention.mode)} <Time value={retention.until} />
            </p>
          )}
          {hasLegalHold && <p>{words.legalHold}</p>}
        </Note>
      )}
      <dl className="facts">
        <dt>{texts.objects.size}</dt>
        <dd>
          <Bytes value={facts.size} />
        </dd>
        <dt>{texts.objects.modified}</dt>
        <dd>
          <Time value={facts.modifiedAt} />
        </dd>
        {Object.entries(facts.headers).map(([name, value]) => (
          <Fact key={name} name={words.headers[name] ?? name} value={value} />
        ))}
        <dt>{words.key}</dt>
        <dd>
          <CopyField text={address.key} label={words.key} />
        </dd>
        <Fact name={words.etag} value={facts.etag.replaceAll('"', '')} />
        {facts.versionId !== null && <Fact name={words.version} value={facts.versionId} />}
        {facts.metadata.map(({ key, value }) => (
          <Fact key={`meta ${key}`} name={words.metadata(key)} value={value} />
        ))}
        {tags.data?.map(({ key, value }) => (
          <Fact key={`tag ${key}`} name={words.tag(key)} value={value} />
        ))}
      </dl>
    </>
  )
}

const Fact = ({ name, value }: { readonly name: string; readonly value: string }): ReactNode => (
  <>
    <dt>{name}</dt>
    <dd>{shownName(value)}</dd>
  </>
)
