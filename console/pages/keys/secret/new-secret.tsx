import { Eye, EyeOff } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { Button } from '../../../parts/button.tsx'
import { CopyButton, CopyField, DownloadButton } from '../../../parts/copying.tsx'
import { Dialog, Sheet } from '../../../parts/dialog.tsx'
import { Note } from '../../../parts/notes.tsx'
import { CONSOLE_HOME } from '../../../routing/places.ts'
import { guardLeaving } from '../../../routing/router.tsx'
import { texts } from '../../../texts/texts.ts'
import { secretSnippets, type MadeKey } from './secret-snippets.ts'

const words = texts.keys.secret

/** Shows the secret of a key that was just made, this once. Whoever leaves without having copied it is asked, once. */
function NewSecret({ made, onClose }: { readonly made: MadeKey; readonly onClose: () => void }): ReactNode {
  const [isTaken, setIsTaken] = useState(false)
  const [isAsking, setIsAsking] = useState(false)
  const onTaken = (): void => setIsTaken(true)
  const leave = (): void => (isTaken ? onClose() : setIsAsking(true))
  useEffect(() => {
    if (isTaken) return
    return guardLeaving(() => {
      setIsAsking(true)
      return false
    })
  }, [isTaken])
  return (
    <>
      <Sheet title={words.title(made.name)} isOpen onClose={leave} isKept="but-for-escape">
        <Taking made={made} onTaken={onTaken} onDone={leave} />
      </Sheet>
      <Dialog
        title={words.leaveTitle}
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        role="alertdialog"
      >
        <div className="stack">
          <p>{words.leaveText}</p>
          <div className="form-actions">
            <Button weight="primary" autoFocus onPress={() => setIsAsking(false)}>
              {words.stay}
            </Button>
            <Button weight="danger" onPress={onClose}>
              {words.leave}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}

function Taking({
  made,
  onTaken,
  onDone,
}: {
  readonly made: MadeKey
  readonly onTaken: () => void
  readonly onDone: () => void
}): ReactNode {
  const [isSeen, setIsSeen] = useState(false)
  const { accessKeyId, secretAccessKey } = made
  // What is on the screen does not show it unless it is to be seen; what is copied has it.
  const cover = '•'.repeat(secretAccessKey.length)
  const shown = (text: string): string => (isSeen ? text : text.replaceAll(secretAccessKey, cover))
  return (
    <div className="stack">
      <Note kind="warning">
        <p>{words.once}</p>
      </Note>
      <dl className="facts">
        <dt>{texts.keys.id}</dt>
        <dd>
          <CopyField text={accessKeyId} label={texts.keys.id} />
        </dd>
        <dt>{words.secret}</dt>
        <dd className="copy-field">
          <code className="secret">
            {isSeen ? (
              secretAccessKey
            ) : (
              <>
                <span aria-hidden>{cover}</span>
                <span className="unseen">{words.hidden}</span>
              </>
            )}
          </code>
          <Button
            weight="icon"
            aria-label={`${isSeen ? texts.hide : texts.show}: ${words.secret}`}
            onPress={() => setIsSeen(!isSeen)}
          >
            {isSeen ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          </Button>
          <CopyButton text={secretAccessKey} label={words.secret} onCopied={onTaken} />
        </dd>
      </dl>
      <section className="stack-tight">
        <h3>{words.use}</h3>
        <Tabs className="tabs">
          <TabList className="tab-list" aria-label={words.use}>
            {secretSnippets(made).map(({ id }) => (
              <Tab key={id} id={id} className="tab">
                {words.tabs[id]}
              </Tab>
            ))}
          </TabList>
          {secretSnippets(made).map(({ id, fileName, text }) => (
            <TabPanel key={id} id={id} className="tab-panel stack-tight">
              <p className="muted">{words.where[id]}</p>
              <div className="secret-snippet">
                <pre tabIndex={0} aria-label={words.tabs[id]}>
                  {shown(text)}
                </pre>
              </div>
              <div className="row">
                <CopyButton text={text} label={words.tabs[id]} onCopied={onTaken} />
                <DownloadButton text={text} fileName={fileName} onSaved={onTaken} />
              </div>
            </TabPanel>
          ))}
        </Tabs>
      </section>
      <p>
        <span className="muted">{words.person}</span>{' '}
        <CopyField text={`${location.origin}${CONSOLE_HOME}`} label={words.consoleAddress} />
      </p>
      {made.endpoint.startsWith('http:') && <p className="muted">{words.plain}</p>}
      <div className="form-actions">
        <Button weight="primary" onPress={onDone}>
          {words.done}
        </Button>
      </div>
    </div>
  )
}

/** Keeps a key that was just made for as long as its page is shown, and nowhere else. */
export function useNewSecret(onDone: () => void): {
  readonly show: (made: MadeKey) => void
  readonly sheet: ReactNode
} {
  const [made, setMade] = useState<MadeKey | null>(null)
  const done = useRef(onDone)
  done.current = onDone
  return {
    show: setMade,
    sheet: made && (
      <NewSecret
        made={made}
        onClose={() => {
          setMade(null)
          done.current()
        }}
      />
    ),
  }
}
