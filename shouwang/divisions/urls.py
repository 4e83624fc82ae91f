from django.urls import URLPattern, URLResolver

app_name = "divisions"
urlpatterns: list[URLPattern | URLResolver] = []
