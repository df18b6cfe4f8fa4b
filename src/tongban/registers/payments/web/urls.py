"""Addresses of payments."""

from django.urls import path

from tongban.registers.payments.web import citizen, public, work

app_name = "payments"
urlpatterns = [
    path("my/payments", citizen.mine, name="mine"),
    path("my/payments/<str:number>", citizen.one, name="one"),
    path("my/payments/<str:number>/pay", citizen.pay, name="pay"),
    path("my/payments/<str:number>/refund", citizen.refund, name="refund"),
    path("my/payments/<str:number>/receipts/<str:receipt>", citizen.receipt, name="receipt"),
    path("payments/verify", public.verify, name="verify"),
    path("payments/demo/<str:reference>", public.demo, name="demo"),
    path("work/payments", work.index, name="work"),
    path("work/payments/reconcile", work.reconcile, name="reconcile"),
    path("work/payments/receipts/<str:number>/<str:receipt>", work.receipt, name="work-receipt"),
]
