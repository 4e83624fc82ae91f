"""The start page and the search page: both draw on every room, so they live above them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "config/home.html", {})


def search(request: HttpRequest) -> HttpResponse:
    return render(request, "config/search.html", {"q": request.GET.get("q", "")})
