"""What the widgets say, in the reader's language: a script never holds a sentence of its own."""

from marketbook.kit.language import gettext as _

TAGS = {"zh_Hans": "zh-CN", "zh_Hant": "zh-TW", "en": "en"}
"""How a page tags each language."""


def of_forms() -> dict[str, str]:
    """Return what a form says."""
    return {
        "free": _("may be empty"),
        "refused": _("Please look at these values again"),
        "colon": _(": "),
        "unset": _("not set"),
        "yes": _("yes"),
        "no": _("no"),
        "typing": _("Not saved yet"),
        "saving": _("Saving the draft"),
        "saved": _("Draft saved"),
        "away": _("No connection; what you typed is kept on this device and sent as soon as it can be"),
        "signed_out": _("You are signed out; what you typed is kept on this device. Sign in again in another tab."),
        "too_large": _("This is too much for a draft; it is kept on this device only"),
        "full": _("This device cannot keep a copy; please stay on this page until the draft is saved"),
        "draft": _("You see your draft of {moment}."),
        "this_device": _("You see what you typed on this device ({moment}); it had not reached the server."),
        "conflict": _("Not saved: this form was also typed into elsewhere"),
        "elsewhere": _("This form was also typed into in another tab or on another device, at {moment}."),
        "use_other": _("Show that one"),
        "keep_mine": _("Keep what stands here"),
        "back_to_mine": _("Back to mine"),
        "other_copy": _("This device holds another copy, typed at {moment}."),
        "use_copy": _("Use that copy"),
        "drop_copy": _("Drop it"),
        "start_over": _("Start over"),
        "back": _("Take it back"),
        "sending": _("Sending"),
        "silent": _("The server does not answer. Your draft is kept: open this page again and send it from there."),
        "lines_only": _("(please look at row {row})"),
        "copy": _("Copy"),
        "copied": _("Copied"),
        **_of_searches(),
        **_of_tables(),
    }


def _of_searches() -> dict[str, str]:
    return {
        "search": _("Type to search"),
        "none": _("Nothing found"),
        "clear": _("Clear"),
        "choose_file": _("Choose a file"),
        "uploading": _("Uploading {name}: {share}%"),
        "remove": _("Remove"),
        "kilobytes": _("{size} kB"),
    }


def _of_tables() -> dict[str, str]:
    return {
        "cell": _("{column}, row {row}"),
        "sum": _("Sum"),
        "add_row": _("Add a row"),
        "remove_row": _("Remove row {row}"),
        "undo": _("Undo"),
        "pasted": _("Pasted {rows} rows of {columns} columns."),
        "too_wide": _("{count} columns of the paste have no place here and were left out."),
        "too_long": _("{count} rows of the paste are more than this table takes and were left out."),
        "heading_skipped": _("The row of headings was left out."),
        "undone": _("Taken back."),
        "keys": _(
            "Arrow keys move, Enter or typing changes a cell, Esc leaves it, Delete empties it. "
            "Cells copied in Excel or WPS can be pasted."
        ),
        "faults": _("{count} cells need another look; the first is in row {row}."),
    }


def of_lists() -> dict[str, str]:
    """Return what a list says."""
    return {
        "search": _("Search"),
        "searching": _("Searching"),
        "none": _("Nothing found"),
        "live": _("Moves by itself; as of {time}"),
        "more": _("Show more"),
        "export": _("Take out as XLSX"),
        "return": _("Send back XLSX"),
        "open": _("Open"),
        "silent": _("The server does not answer. Please open this page again."),
        "uploading": _("Uploading {name}: {share}%"),
        "comparing": _("Comparing {name}; nothing is written yet"),
        "preview": _("What {name} would change"),
        "counts": _("{new} new, {changed} changed, {refused} refused, {unchanged} unchanged"),
        "new": _("New"),
        "changed": _("Changed"),
        "refused": _("Refused; these are not written"),
        "row": _("Row"),
        "column": _("Column"),
        "before": _("Before"),
        "after": _("After"),
        "value": _("Value"),
        "reason": _("Reason"),
        "and_more": _("and more: {count}"),
        "write": _("Write the new and the changed rows"),
        "leave": _("Leave it"),
        "nothing": _("There is nothing to write."),
        "left": _("Nothing was written."),
    }


def of_boards() -> dict[str, str]:
    """Return what a board says."""
    return {
        "more": _("Show more"),
        "late": _("overdue"),
        "silent": _("The server does not answer. Please open this page again."),
    }


def of_matrices() -> dict[str, str]:
    """Return what a matrix of amounts says."""
    return {
        "search": _("Search"),
        "none": _("Nothing found"),
        "sum": _("Sum"),
        "shown": _("What is shown"),
        "reached": _("{share}: {count}"),
        "silent": _("The server does not answer. Please open this page again."),
    }
