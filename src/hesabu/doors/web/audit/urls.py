from django.urls import path

from hesabu.doors.web.audit import views

urlpatterns = [
    path("b/<business>/audit", views.audit, name="audit"),
    path("b/<business>/audit.csv", views.as_csv, name="audit_csv"),
    path("b/<business>/audit.json", views.as_json, name="audit_json"),
    path("b/<business>/audit.jsonl", views.as_lines, name="audit_lines"),
]
