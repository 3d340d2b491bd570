;;; ksext.el --- KubeSphere extensions, by eglot or lsp-mode  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages, tools

;;; Commentary:

;; A mode for extension.yaml alone, so that other YAML stays as it is, and a command for each that a
;; person runs on a package.  Start a client in it:
;;
;;     (add-hook 'ksext-mode-hook #'eglot-ensure)   ; or #'lsp-deferred

;;; Code:

(require 'browse-url)
(require 'subr-x)
(require 'url-util)

(declare-function eglot-current-server "eglot")
(declare-function eglot-code-actions "eglot")
(declare-function jsonrpc-async-request "jsonrpc")
(declare-function lsp-request-async "lsp-mode")
(declare-function lsp--window-log-message-request "lsp-mode")
(declare-function lsp-execute-code-action-by-kind "lsp-mode")
(declare-function lsp-register-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-get "lsp-protocol")
(declare-function make-lsp-client "lsp-mode")
(defvar eglot-server-programs)
(defvar lsp-language-id-configuration)

(defgroup ksext nil
  "KubeSphere extensions."
  :group 'languages
  :link '(url-link "https://kubesphere.io"))

(defcustom ksext-program "ksext"
  "The program: a name on `exec-path', or a path."
  :type 'string)

;;;; The mode

(defalias 'ksext-parent-mode
  (cond ((and (fboundp 'treesit-ready-p) (treesit-ready-p 'yaml t)) 'yaml-ts-mode)
        ((or (fboundp 'yaml-mode) (require 'yaml-mode nil t)) 'yaml-mode)
        (t 'conf-colon-mode))
  "The mode for YAML of this Emacs; where it has none, one that knows comments.")

;;;###autoload
(define-derived-mode ksext-mode ksext-parent-mode "KubeSphere"
  "Mode for the manifest of a KubeSphere extension."
  ;; A lock of Emacs is a link to nowhere, and over one of those in a package push fails.
  (setq-local create-lockfiles nil))

;;;###autoload
(add-to-list 'auto-mode-alist '("/extension\\.yaml\\'" . ksext-mode))

;;;; The clients

(defun ksext--start (&rest _)
  "The command that starts the server."
  (list ksext-program "lsp"))

(defun ksext--show-document (uri)
  "Open the page at URI in a browser, as the server asks for."
  (browse-url uri)
  '(:success t))

(defun ksext--unless-quit (ask)
  "What ASK answers; nil after `keyboard-quit', so that the server does not wait for ever."
  (condition-case nil
      (funcall ask)
    (quit nil)))

(put 'ksext-mode 'eglot-language-id "yaml")

(with-eval-after-load 'eglot
  ;; These are there once eglot is.
  (eval
   '(progn
      (defclass ksext-eglot-server (eglot-lsp-server) ()
        "The server of eglot, able to show the page to log in on.")
      (cl-defmethod eglot-client-capabilities :around ((_ ksext-eglot-server))
        (let ((all (cl-call-next-method)))
          (plist-put all :window
                     (plist-put (copy-sequence (plist-get all :window))
                                :showDocument '(:support t)))))
      (cl-defmethod eglot-handle-request
        ((_ ksext-eglot-server) (_method (eql window/showDocument)) &key uri &allow-other-keys)
        (ksext--show-document uri))
      (cl-defmethod eglot-handle-request
        ((_ ksext-eglot-server) (_method (eql window/showMessageRequest)) &rest _)
        (ksext--unless-quit #'cl-call-next-method)))
   t)
  (add-to-list 'eglot-server-programs
               `(ksext-mode . ,(lambda (&rest _) (cons 'ksext-eglot-server (ksext--start))))))

(defconst ksext--lsp-capabilities
  ;; lsp-mode counts characters, which the protocol does not unless that is asked for.
  '((general . ((positionEncodings . ["utf-32" "utf-16"])))
    (window . ((workDoneProgress . t) (showDocument . ((support . t))))))
  "What lsp-mode can for our server, beside what it says itself.")

(defun ksext--lsp-capabilities (all &optional custom)
  "ALL that lsp-mode can, with CUSTOM ahead if it is ours: the first of two counts."
  (if (eq custom ksext--lsp-capabilities)
      (append custom (funcall all))
    (funcall all custom)))

(with-eval-after-load 'lsp-mode
  (advice-add 'lsp--client-capabilities :around #'ksext--lsp-capabilities)
  (add-to-list 'lsp-language-id-configuration '(ksext-mode . "yaml"))
  (lsp-register-client
   (make-lsp-client
    :server-id 'ksext
    :major-modes '(ksext-mode)
    :new-connection (lsp-stdio-connection #'ksext--start)
    ;; Beside yaml-language-server, where that is wanted.
    :add-on? t
    :custom-capabilities ksext--lsp-capabilities
    :request-handlers
    (let ((handlers (make-hash-table :test #'equal)))
      (puthash "window/showMessageRequest"
               (lambda (_workspace params)
                 (ksext--unless-quit
                  (lambda () (list :title (lsp--window-log-message-request params)))))
               handlers)
      (puthash "window/showDocument"
               (lambda (_workspace params) (ksext--show-document (lsp-get params :uri)))
               handlers)
      handlers))))

;;;; Asking the server

(defun ksext--uri ()
  "The address of the file of this buffer."
  (let ((path (or buffer-file-name (user-error "This buffer has no file"))))
    (concat "file://" (unless (string-prefix-p "/" path) "/")
            (url-hexify-string path url-path-allowed-chars))))

(defun ksext--run (command argument &optional done)
  "Run COMMAND of the server with ARGUMENT, a plist, without waiting for it.
Its answer goes to DONE as a plist of plists; without it the server
tells the outcome by a message, however long it takes."
  (let* ((argument (if done argument `(,@argument :background t)))
         (params `(:command ,command :arguments [,(or argument (make-hash-table))]))
         (failed (lambda (error) (message "ksext: %s" (ksext--get error :message)))))
    (cond
     ((and (fboundp 'eglot-current-server) (eglot-current-server))
      (jsonrpc-async-request (eglot-current-server) :workspace/executeCommand params
                             :success-fn (or done #'ignore) :error-fn failed :timeout nil))
     ((bound-and-true-p lsp-mode)
      (lsp-request-async "workspace/executeCommand" params (or done #'ignore)
                         :error-handler failed :mode 'detached))
     (t (user-error "No server runs in this buffer; open an extension.yaml, or start a client")))))

(defun ksext--get (object key)
  "The field KEY of OBJECT, which is a plist or a hash table, as clients have it."
  (if (hash-table-p object)
      (gethash (substring (symbol-name key) 1) object)
    (plist-get object key)))

(defun ksext--show (name mode insert)
  "Show a buffer called NAME in MODE, with what INSERT writes into it."
  (with-current-buffer (get-buffer-create name)
    (let ((inhibit-read-only t))
      (erase-buffer)
      (funcall insert)
      (goto-char (point-min)))
    (funcall mode)
    (setq buffer-read-only t)
    (display-buffer (current-buffer))))

;;;; Commands

;;;###autoload
(defun ksext-login ()
  "Log in to KubeSphere Cloud, by a page that asks for the API key."
  (interactive)
  (ksext--run "ksext.login" nil))

;;;###autoload
(defun ksext-logout ()
  "Forget the API key."
  (interactive)
  (ksext--run "ksext.logout" nil))

;;;###autoload
(defun ksext-push (&optional draft)
  "Check the package, upload it and submit it for review, after a question.
With a prefix argument it stays a DRAFT."
  (interactive "P")
  (ksext--run "ksext.push" `(:uri ,(ksext--uri) :submit ,(if draft :json-false t))))

;;;###autoload
(defun ksext-status ()
  "Tell where this extension stands in the review."
  (interactive)
  (ksext--run "ksext.status" `(:uri ,(ksext--uri))))

;;;###autoload
(defun ksext-list ()
  "Tell which extensions the account has."
  (interactive)
  (ksext--run "ksext.list" nil))

;;;###autoload
(defun ksext-submit ()
  "Hand the draft of this version to the reviewers."
  (interactive)
  (ksext--run "ksext.submit" `(:uri ,(ksext--uri))))

;;;###autoload
(defun ksext-unpush ()
  "Take this version back from the review."
  (interactive)
  (ksext--run "ksext.unpush" `(:uri ,(ksext--uri))))

;;;###autoload
(defun ksext-package ()
  "Write the archive that `ksbuilder package' writes."
  (interactive)
  (ksext--run "ksext.package" `(:uri ,(ksext--uri))))

;;;###autoload
(defun ksext-diff ()
  "Tell what has changed since the published version."
  (interactive)
  (ksext--run "ksext.diff" `(:uri ,(ksext--uri))))

;;;###autoload
(defun ksext-new (name directory)
  "Make an extension called NAME in DIRECTORY."
  (interactive "sName of the extension: \nDMade in: ")
  (ksext--run "ksext.new" `(:name ,name :directory ,(expand-file-name directory))))

;;;###autoload
(defun ksext-size ()
  "Show what the package weighs as push sends it, the heaviest first."
  (interactive)
  (ksext--run
   "ksext.size" `(:uri ,(ksext--uri))
   (lambda (answer)
     (ksext--show
      "*ksext size*" #'special-mode
      (lambda ()
        (insert (format "%s of %s\n\n" (file-size-human-readable (ksext--get answer :projected) 'iec " ")
                        (file-size-human-readable (ksext--get answer :limit) 'iec " ")))
        (seq-doseq (entry (seq-sort-by (lambda (entry) (ksext--get entry :packed)) #'>
                                       (ksext--get answer :entries)))
          (insert (format "%9d  %s\n" (ksext--get entry :packed) (ksext--get entry :path)))))))))

;;;###autoload
(defun ksext-preview ()
  "Show the files that push rewrites as they would be published, and all entries."
  (interactive)
  (ksext--run
   "ksext.preview" `(:uri ,(ksext--uri))
   (lambda (answer)
     (ksext--show
      "*ksext preview*" #'ksext-parent-mode
      (lambda ()
        (seq-doseq (file (ksext--get answer :files))
          (insert "# " (ksext--get file :path) "\n" (ksext--get file :text) "\n"))
        (seq-doseq (entry (ksext--get answer :entries))
          (insert "# " (ksext--get entry :path) "\n")))))))

;;;###autoload
(defun ksext-fix-all ()
  "Make all safe fixes; meant for `before-save-hook' too."
  (interactive)
  (let ((kind "source.fixAll.ksext"))
    ;; Having nothing to fix is an error of both.
    (with-demoted-errors "ksext: %S"
      (if (bound-and-true-p lsp-mode)
          (lsp-execute-code-action-by-kind kind)
        (eglot-code-actions (point-min) (point-max) kind t)))))

(provide 'ksext)
;;; ksext.el ends here
