from alertd.delivery.answers import Answer
from alertd.delivery.diagnosis import failure_of
from alertd.delivery.failure import Failure

TIMED_OUT = "Socket Exception: timed out"


def test_an_answer_says_more_than_what_was_logged_of_it() -> None:
    failure = failure_of("NotifyJSON", [Answer(418)], warnings=["error=418."])
    assert failure == Failure("HTTP 418", is_final=True)


def test_a_good_answer_before_the_bad_one_is_no_reason() -> None:
    failure = failure_of("NotifyJSON", [Answer(200), Answer(418)])
    assert failure == Failure("HTTP 418", is_final=True)


def test_of_several_reasons_one_that_another_try_may_mend_is_told() -> None:
    assert not failure_of("NotifyJSON", [Answer(418), Answer(599)]).is_final
    assert not failure_of("NotifyJSON", [Answer(418)], details=[TIMED_OUT]).is_final


def test_without_an_answer_the_exception_is_the_reason() -> None:
    details = ["JSON Payload: {'message': 'error=404'}", TIMED_OUT]
    failure = failure_of(
        "NotifyJSON", [], warnings=["A Connection error occurred."], details=details
    )
    assert failure == Failure("no answer in time")


def test_a_mail_servers_reply_is_the_reason() -> None:
    failure = failure_of("NotifyEmail", [], details=["Socket Exception: (550, b'nobody')"])
    assert failure == Failure("SMTP 550: nobody", is_final=True)


def test_what_is_not_understood_is_quoted_and_may_be_tried_again() -> None:
    failure = failure_of("NotifyOther", [Answer(200)], warnings=["first", "Some plug-in gave up."])
    assert failure == Failure("Some plug-in gave up")


def test_a_plugin_that_says_nothing_has_no_reason() -> None:
    assert failure_of("NotifyOther", []) == Failure("the service gave no reason")
