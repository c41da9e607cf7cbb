from django.urls import path

from hesabu.doors.web.privacy import customers, mine

urlpatterns = [
    path("account/data", mine.data, name="data"),
    path("account/data/export", mine.ask, name="data-ask"),
    path("account/data/export/<str:export>", mine.fetch, name="data-fetch"),
    path("account/data/export/<str:export>/state", mine.state, name="data-state"),
    path("account/data/delete", mine.delete, name="data-delete"),
    path("account/data/keep", mine.keep, name="data-keep"),
    path("b/<business>/privacy", customers.search, name="privacy"),
    path("b/<business>/privacy/<customer>", customers.customer, name="privacy-customer"),
    path("b/<business>/privacy/<customer>/export", customers.ask, name="privacy-ask"),
    path("b/<business>/privacy/<customer>/export/<export>", customers.fetch, name="privacy-fetch"),
    path(
        "b/<business>/privacy/<customer>/export/<export>/state",
        customers.state,
        name="privacy-state",
    ),
    path("b/<business>/privacy/<customer>/erase", customers.erase, name="privacy-erase"),
]
