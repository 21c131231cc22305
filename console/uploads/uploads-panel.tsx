import { useQueryClient } from '@tanstack/react-query'
import { ChevronDown, ChevronUp, Pause, Play, RotateCw, X } from 'lucide-react'
import { memo, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import type { ApiError } from '../api/api-error.ts'
import { OBJECTS } from '../data/objects.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { formatBytes, formatNumber } from '../parts/formats.ts'
import { explain, Note } from '../parts/notes.tsx'
import { shownName } from '../parts/shown-name.ts'
import { useMedia } from '../parts/table.tsx'
import { SessionEnded } from '../session/session-ended.tsx'
import { isKeyEnded, isSessionOver } from '../session/session-over.ts'
import { texts } from '../texts/texts.ts'
import { ConflictQuestion } from './conflict-question.tsx'
import type { UploadItem, UploadState } from './upload-item.ts'
import type { UploadQueue, UploadsSummary } from './upload-queue.ts'

const words = texts.uploads
/** Rows that are on the page at most. */
const SHOWN_MAX = 50
const REFRESH_MS = 1_500
/** What needs a person first, then what moves. */
const ORDER: Readonly<Record<UploadState, number>> = {
  asking: 0,
  failed: 1,
  running: 2,
  waiting: 3,
  done: 4,
  kept: 5,
  cancelled: 6,
}

/** The uploads, at the lower right of every page. */
export function UploadsPanel({ queue }: { readonly queue: UploadQueue }): ReactNode {
  const summary = useSyncExternalStore(queue.subscribe, queue.summary)
  const [isOpen, setIsOpen] = useState(false)
  const [isLeaving, setIsLeaving] = useState(false)
  useRefreshOfLists(queue)
  const { items, isPaused } = summary
  const asking = items.find(({ state }) => state === 'asking')
  const isOver = !summary.isActive && !isPaused && asking === undefined
  const isAllDone = isOver && summary.files.failed === 0
  const isNarrow = useMedia('(max-width: 640px)')
  // What is done has no need of the room, and what stands below it is wanted; on a phone there is none.
  useEffect(() => setIsOpen(!isAllDone && !isNarrow), [isAllDone, isNarrow])
  const percent = summary.bytes.all === 0 ? 100 : Math.floor((summary.bytes.done / summary.bytes.all) * 100)
  if (items.length === 0) return null
  const Chevron = isOpen ? ChevronDown : ChevronUp
  return (
    <section className="uploads" aria-label={words.title}>
      <header className="uploads-head">
        <div className="uploads-title">
          <strong role="status">{titleOf(summary)}</strong>
          <span className="muted">{lineOf(summary)}</span>
        </div>
        {(isPaused || summary.isActive) && (
          <Button
            weight="icon"
            aria-label={isPaused ? words.resume : words.pause}
            onPress={() => (isPaused ? queue.resume() : queue.pause())}
          >
            {isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
          </Button>
        )}
        <Button
          weight="icon"
          aria-label={isOpen ? words.fold : words.unfold}
          aria-expanded={isOpen}
          onPress={() => setIsOpen(!isOpen)}
        >
          <Chevron aria-hidden />
        </Button>
        <Button
          weight="icon"
          aria-label={isOver ? texts.close : words.cancelAll}
          onPress={() => {
            if (isOver) queue.clear()
            else setIsLeaving(true)
          }}
        >
          <X aria-hidden />
        </Button>
      </header>
      <div
        className="meter"
        role="progressbar"
        aria-label={words.title}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <span style={{ width: `${percent}%` }} />
      </div>
      {summary.retryAt !== null && <ServerAway queue={queue} retryAt={summary.retryAt} />}
      {summary.stoppedBy && (
        <Note kind="warning">
          <p>{explain(summary.stoppedBy).why}</p>
          <p>{stoppedTodo(summary.stoppedBy)}</p>
          <SessionEnded error={summary.stoppedBy} />
        </Note>
      )}
      {asking && (
        <ConflictQuestion
          key={asking.id}
          item={asking}
          others={items.filter(({ batch, state }) => batch === asking.batch && state !== 'done').length - 1}
          onAnswer={(choice, forAll) => queue.answer(asking, choice, forAll)}
        />
      )}
      {isOpen && <Rows queue={queue} items={items} />}
      {isLeaving && (
        <GiveUp
          left={summary.files.all - summary.files.done}
          onClose={() => setIsLeaving(false)}
          onGiveUp={() => {
            setIsLeaving(false)
            queue.cancelAll()
            queue.clear()
          }}
        />
      )}
    </section>
  )
}

/** Asks before a press meant to put the panel away throws away hours of sending. */
const GiveUp = ({
  left,
  onClose,
  onGiveUp,
}: {
  readonly left: number
  readonly onClose: () => void
  readonly onGiveUp: () => void
}): ReactNode => (
  <Dialog title={words.giveUp.title(left)} isOpen onClose={onClose} role="alertdialog">
    <div className="stack">
      <p>{words.giveUp.text}</p>
      <div className="form-actions">
        <Button onPress={onClose}>{words.giveUp.goOn}</Button>
        <Button weight="danger" onPress={onGiveUp}>
          {words.giveUp.title(left)}
        </Button>
      </div>
    </div>
  </Dialog>
)

function Rows({
  queue,
  items,
}: {
  readonly queue: UploadQueue
  readonly items: readonly UploadItem[]
}): ReactNode {
  const shown = [...items].sort((a, b) => ORDER[a.state] - ORDER[b.state] || a.id - b.id).slice(0, SHOWN_MAX)
  return (
    <>
      {/* It scrolls, so the keyboard must reach it. */}
      <ul className="uploads-list" tabIndex={0} aria-label={words.files}>
        {shown.map((item) => (
          <Row
            key={item.id}
            item={item}
            queue={queue}
            objectKey={item.key}
            state={item.state}
            acknowledged={item.acknowledged}
            error={item.error}
          />
        ))}
        {items.length > shown.length && (
          <li className="muted">{words.andMore(items.length - shown.length)}</li>
        )}
      </ul>
    </>
  )
}

interface RowProps extends Pick<UploadItem, 'state' | 'acknowledged' | 'error'> {
  readonly objectKey: string
  readonly item: UploadItem
  readonly queue: UploadQueue
}

/** Drawn anew only when something of it changed: there are many, and bytes are confirmed all the time. */
const Row = memo(function Row({
  item,
  queue,
  state,
  acknowledged,
  error,
  objectKey: key,
}: RowProps): ReactNode {
  const { file } = item
  const percent = file.size === 0 ? 0 : Math.floor((acknowledged / file.size) * 100)
  const name = shownName(key.slice(key.lastIndexOf('/') + 1))
  const { why, todo } = error ? explain(error) : { why: null, todo: null }
  return (
    <li className="upload">
      <span className="upload-name" title={`${item.bucket}/${key}`}>
        {name}
      </span>
      <span className="upload-state muted">
        {state === 'running' && file.size > 0 && acknowledged > 0
          ? words.percent(percent)
          : state === 'done'
            ? formatBytes(file.size)
            : words.states[state]}
      </span>
      {state === 'failed' && (
        <Button weight="icon" aria-label={words.retryFile(name)} onPress={() => queue.retry(item)}>
          <RotateCw aria-hidden />
        </Button>
      )}
      {(state === 'running' || state === 'waiting' || state === 'failed') && (
        <Button weight="icon" aria-label={words.cancelFile(name)} onPress={() => queue.cancel(item)}>
          <X aria-hidden />
        </Button>
      )}
      {state === 'running' && acknowledged > 0 && (
        <span className="meter" aria-hidden>
          <span style={{ width: `${percent}%` }} />
        </span>
      )}
      {why !== null && (
        <span className="upload-error">
          {why} {todo}
        </span>
      )}
    </li>
  )
})

function ServerAway({
  queue,
  retryAt,
}: {
  readonly queue: UploadQueue
  readonly retryAt: number
}): ReactNode {
  const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1_000))
  return (
    <Note kind="warning">
      <p>{words.serverAway(seconds)}</p>
      <div>
        <Button onPress={() => queue.wake()}>{words.tryNow}</Button>
      </div>
    </Note>
  )
}

/** Lists show what was stored: while uploads go on a little later, not once for each of a thousand files, and at once when all are through. */
function useRefreshOfLists(queue: UploadQueue): void {
  const queries = useQueryClient()
  useEffect(() => {
    const shown = new WeakSet<UploadItem>()
    const changed = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    let isRefreshing = false
    let isOver = false
    const refresh = async (): Promise<void> => {
      clearTimeout(timer)
      timer = undefined
      isRefreshing = true
      const buckets = [...changed]
      changed.clear()
      await Promise.all(
        buckets.map((each) => queries.invalidateQueries({ queryKey: [OBJECTS, each, 'folder'] })),
      )
      isRefreshing = false
      look()
    }
    // The first may have been stored before this was loaded.
    const look = (): void => {
      const { items, isActive } = queue.summary()
      for (const item of items)
        if (item.state === 'done' && !shown.has(item)) {
          shown.add(item)
          changed.add(item.bucket)
        }
      if (changed.size === 0 || isRefreshing || isOver) return
      // A list that lacks what the panel says is uploaded would contradict it.
      if (!isActive) void refresh()
      else timer ??= setTimeout(() => void refresh(), REFRESH_MS)
    }
    look()
    const stop = queue.subscribe(look)
    return () => {
      isOver = true
      stop()
      clearTimeout(timer)
    }
  }, [queue, queries])
}

function stoppedTodo(error: ApiError): string {
  if (isSessionOver(error)) return words.sessionOver
  return isKeyEnded(error) ? words.keyEnded : `${explain(error).todo ?? ''} ${words.goOn}`
}

function titleOf({ files, isPaused, isActive, items }: UploadsSummary): string {
  if (isPaused) return words.paused(files.done, files.all)
  if (isActive) return words.uploading(files.done, files.all)
  if (items.some(({ state }) => state === 'asking')) return words.asking
  return files.failed > 0 ? words.someFailed(files.failed) : words.allDone(files.done)
}

function lineOf({ bytes, rate, secondsLeft, isActive }: UploadsSummary): string {
  const parts = [words.of(formatBytes(bytes.done), formatBytes(bytes.all))]
  if (isActive && rate !== null) parts.push(words.rate(formatBytes(rate)))
  if (isActive && secondsLeft !== null) parts.push(timeLeft(secondsLeft))
  return parts.join(' · ')
}

function timeLeft(seconds: number): string {
  if (seconds < 60) return words.secondsLeft(formatNumber(Math.ceil(seconds)))
  if (seconds < 3_600) return words.minutesLeft(formatNumber(Math.ceil(seconds / 60)))
  return words.hoursLeft(formatNumber(Math.ceil(seconds / 3_600)))
}
