import { X } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { texts } from '../texts/texts.ts'
import { Button } from './button.tsx'
import { keepFocus } from './lost-focus.ts'

interface DialogProps {
  readonly title: string
  readonly isOpen: boolean
  /** Asked for by Escape, by a press beside it and by its ✕. */
  readonly onClose: () => void
  readonly children: ReactNode
  /** Whether only its buttons close it, or these and Escape: something in it would be lost. */
  readonly isKept?: boolean | 'but-for-escape'
  readonly role?: 'dialog' | 'alertdialog'
}

function Overlay({
  title,
  isOpen,
  onClose,
  children,
  isKept = false,
  role = 'dialog',
  shape,
}: DialogProps & { readonly shape: 'dialog' | 'sheet' }): ReactNode {
  useEffect(() => {
    if (!isOpen) return
    return () => void setTimeout(giveFocusBack, FOCUS_BACK_MS)
  }, [isOpen])
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      isDismissable={isKept === false}
      isKeyboardDismissDisabled={isKept === true}
      className={shape === 'dialog' ? 'veil veil-center' : 'veil veil-side'}
    >
      <Modal className={shape}>
        <AriaDialog role={role}>
          <header className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <Button weight="icon" aria-label={texts.close} onPress={onClose}>
              <X aria-hidden />
            </Button>
          </header>
          <div className="dialog-body">{children}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** After a list had its chance. */
const FOCUS_BACK_MS = 100

/** What opened a dialog may be gone when it closes: the page then has the focus, as when it is opened. */
function giveFocusBack(): void {
  keepFocus(document.querySelector('main'))
}

/** A question in the middle of the page. */
export const Dialog = (props: DialogProps): ReactNode => <Overlay {...props} shape="dialog" />

/** A form or a view at the side of the page. */
export const Sheet = (props: DialogProps): ReactNode => <Overlay {...props} shape="sheet" />
